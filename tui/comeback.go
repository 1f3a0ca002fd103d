package tui

// filterCalls shows the calls that a filter lets through; Esc leads back.
func (u *UI) filterCalls(text string) {
	from := u.activeTab()
	u.openTab(tabCalls)
	u.calls.filter.set(text)
	u.calls.returns = comeback{tab: from, text: text}
}

// A comeback is where Esc leads while the filter is the one that a tab set.
type comeback struct {
	tab  int
	text string
}

// comeBack goes back to the tab that filtered the list; it reports whether
// there is one.
func (v *callsView) comeBack() bool {
	to := v.returns
	v.returns = comeback{}
	if to.tab == tabCalls || string(v.filter.text) != to.text {
		return false
	}
	v.filter.clear()
	v.u.openTab(to.tab)
	return true
}
