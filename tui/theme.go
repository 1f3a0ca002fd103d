package tui

import "github.com/gdamore/tcell/v2"

// A role is what a piece of text means; the theme says how that looks. The
// text says it too: no role is told by colour alone.
type role uint8

const (
	rolePlain role = iota
	roleTitle
	roleTab
	roleHead
	roleDim
	roleKey    // a key in the hint line
	roleToast  // a short note about what a key did
	roleDialog // inside a dialog

	roleUp    // a call in progress
	roleSetup // a call being set up
	roleGood
	roleBusy
	roleBad
	roleWarn

	roleRequest
	roleResponse
	roleMedia

	roleStart  // start line of a message
	roleName   // header name
	roleUser   // user part of a URI
	roleNumber // numbers of Via and CSeq
	roleTag    // tags and branches
	roleStrong // media lines of SDP
	roleHold   // a=sendonly and its like
	roleHit    // what was searched for

	roleChanged // what differs from the other side of a comparison

	roleCount
)

type theme [roleCount]tcell.Style

// newTheme returns the theme for a terminal with so many colours. Only the
// first 16 are used, so that the user's own palette decides how they look, and
// the background is never set.
func newTheme(colors int) theme {
	var t theme
	plain := tcell.StyleDefault
	for i := range t {
		t[i] = plain
	}
	t[roleTitle], t[roleHead], t[roleTab] = plain.Bold(true), plain.Underline(true), plain.Bold(true)
	t[roleKey], t[roleStart], t[roleStrong] = plain.Bold(true), plain.Bold(true), plain.Bold(true)
	t[roleBad], t[roleUser] = plain.Bold(true), plain.Bold(true)
	t[roleChanged] = plain.Underline(true).Bold(true)
	t[roleHit], t[roleToast] = plain.Reverse(true), plain.Bold(true)
	if colors < 8 {
		return t
	}
	color := func(r role, c tcell.Color) { t[r] = t[r].Foreground(c) }
	color(roleSetup, tcell.ColorOlive)
	color(roleWarn, tcell.ColorOlive)
	color(roleGood, tcell.ColorGreen)
	color(roleBusy, tcell.ColorPurple)
	color(roleBad, tcell.ColorMaroon)
	color(roleRequest, tcell.ColorMaroon)
	color(roleResponse, tcell.ColorGreen)
	color(roleMedia, tcell.ColorTeal)
	color(roleName, tcell.ColorTeal)
	color(roleUser, tcell.ColorGreen)
	color(roleNumber, tcell.ColorOlive)
	color(roleTag, tcell.ColorPurple)
	color(roleHold, tcell.ColorPurple)
	color(roleChanged, tcell.ColorOlive)
	color(roleUp, tcell.ColorTeal)
	color(roleKey, tcell.ColorTeal)
	if colors >= 16 {
		color(roleUp, tcell.ColorAqua)
		color(roleDim, tcell.ColorGray)
	}
	return t
}
