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
	roleTag    // tags and branches, in four colours by their value
	roleTagB
	roleTagC
	roleTagD
	roleWrong  // what is not as it has to be
	roleStrong // media lines of SDP
	roleHold   // a=sendonly and its like
	roleHit    // what was searched for

	roleChanged // what differs from the other side of a comparison

	roleCount
)

type theme [roleCount]tcell.Style

// hues are the colours of the roles in the automatic theme. Only the first 16
// are used, so that the user's own palette decides how they look.
var hues = map[role]tcell.Color{
	roleSetup: tcell.ColorOlive, roleWarn: tcell.ColorOlive, roleGood: tcell.ColorGreen, roleBusy: tcell.ColorPurple,
	roleBad: tcell.ColorMaroon, roleRequest: tcell.ColorMaroon, roleResponse: tcell.ColorGreen, roleMedia: tcell.ColorTeal,
	roleName: tcell.ColorTeal, roleUser: tcell.ColorGreen, roleNumber: tcell.ColorOlive, roleTag: tcell.ColorPurple,
	roleHold: tcell.ColorPurple, roleChanged: tcell.ColorOlive, roleUp: tcell.ColorTeal, roleKey: tcell.ColorTeal,
	roleTagB: tcell.ColorNavy, roleTagC: tcell.ColorOlive, roleTagD: tcell.ColorMaroon, roleWrong: tcell.ColorMaroon,
}

// bright are the same hues as they are read well on a dark background.
var bright = map[tcell.Color]tcell.Color{
	tcell.ColorOlive: tcell.ColorYellow, tcell.ColorGreen: tcell.ColorLime, tcell.ColorPurple: tcell.ColorFuchsia,
	tcell.ColorMaroon: tcell.ColorRed, tcell.ColorTeal: tcell.ColorAqua, tcell.ColorNavy: tcell.ColorBlue,
}

// newTheme returns a theme for a terminal with so many colours. The background
// is never set. With fewer than eight colours every theme is mono; with fewer
// than 16 bold stands for what would be bright.
func newTheme(name string, colors int) theme {
	t := plainTheme()
	if colors < 8 || name == "mono" {
		return t
	}
	for r, c := range hues {
		switch {
		case name == "light" && c == tcell.ColorOlive: // yellow on white
			c = tcell.ColorMaroon
		case name == "light" && c == tcell.ColorTeal:
			c = tcell.ColorNavy
		}
		vivid := name == "dark" || name == "high-contrast"
		if vivid && colors >= 16 {
			c = bright[c]
		}
		t[r] = t[r].Foreground(c).Bold(bold(t[r]) || vivid && colors < 16 || name == "high-contrast")
	}
	if colors >= 16 && name == "auto" {
		t[roleUp] = t[roleUp].Foreground(tcell.ColorAqua)
	}
	if colors >= 16 && name != "high-contrast" {
		t[roleDim] = t[roleDim].Foreground(tcell.ColorGray)
	}
	return t
}

func bold(s tcell.Style) bool {
	_, _, attributes := s.Decompose()
	return attributes&tcell.AttrBold != 0
}

// plainTheme tells roles by bold, underline and reverse alone.
func plainTheme() theme {
	var t theme
	plain := tcell.StyleDefault
	for i := range t {
		t[i] = plain
	}
	t[roleTitle], t[roleHead], t[roleTab] = plain.Bold(true), plain.Underline(true), plain.Bold(true)
	t[roleKey], t[roleStart], t[roleStrong] = plain.Bold(true), plain.Bold(true), plain.Bold(true)
	t[roleBad], t[roleUser] = plain.Bold(true), plain.Bold(true)
	t[roleChanged], t[roleWrong] = plain.Underline(true).Bold(true), plain.Underline(true)
	t[roleHit], t[roleToast] = plain.Reverse(true), plain.Bold(true)
	return t
}
