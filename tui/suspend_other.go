//go:build !unix

package tui

// suspend does nothing where there is no job control.
func (u *UI) suspend() { u.say("this system cannot suspend a program") }
