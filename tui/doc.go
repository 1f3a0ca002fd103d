// Package tui draws snapshots of the tracker on a terminal and lets the user
// walk through them: the list of calls, the ladder of a call, its messages.
//
// Snapshots and the state of the input come in through Config; nothing goes
// back. A screen is a function of the snapshot, the cursor and the size of
// the terminal. All state belongs to one goroutine, that of tview's event
// loop; a second one polls for new snapshots (see refresh). Text from the wire
// is cleaned and put into cells one by one: it never meets an interpreter of
// colour tags or escape sequences.
package tui
