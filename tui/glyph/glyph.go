// Package glyph holds the two sets of drawing characters: one for terminals
// that speak UTF-8 and one of ASCII only. Every glyph takes one cell, but for
// the badge of a frozen screen and, in ASCII, "both ways", which take two.
package glyph

// A Set is the characters that screens and text ladders are drawn with.
type Set struct {
	ASCII bool // text from the wire has to be ASCII as well

	Cursor, Mark       string // in front of the row under the cursor, of a marked row
	Right, Left        string // heads of an arrow
	Line, Double       string // shaft of a signalling arrow, of a media arrow
	Bar, GapBar        string // lifeline of a participant, during a silence
	Cross, Foot        string // an arrow crossing a lifeline; where a lifeline begins
	Turn, TurnLeft     string // the bend of an arrow that returns to its own column, to the right or left of it
	Ellipsis           string // stands for text that was cut off
	To, Both           string // "from → to", "both ⇄ ways"
	Dot                string // between the parts of a line
	Again, Twin        string // before the number of retransmissions, of duplicate captures
	Gap                string // a silence
	Up, Down           string // direction of a sort
	Thumb, Track       string // of a scroll bar
	MoreLeft, MoreDown string
	MoreRight          string
	Rule               string // horizontal rule

	Live, File, Frozen, Stopped, Loading string // mode badges
	Bad, Warn                            string // severities
	Chosen, About, AtMost, PlusMinus     string // the dot of a choice; in front of an estimate, of a limit; between a time and how far around it
	Choices                              string // beside what opens a list
	Times                                string // "×4"
	Caret                                string // where typing goes on
	Bars                                 [8]string
	None                                 string // a value that does not exist

	Pin, Hatch            string // the cursor of a chart; a time without sound
	Tick, Corner, AxisPin string // of the axes of a chart
	Apart, Same           string // "this is not that"; the same message seen elsewhere

	TopLeft, TopRight, BottomLeft, BottomRight string // corners of a box
}

// Unicode is the set for UTF-8 terminals.
func Unicode() Set {
	return Set{
		Cursor: "▶", Mark: "*", Right: "▶", Left: "◀", Line: "─", Double: "═", Bar: "│", GapBar: "┊",
		Cross: "┼", Foot: "┬", Turn: "┐", TurnLeft: "┌", Ellipsis: "…", To: "→", Both: "⇄", Dot: "·", Again: "↻", Twin: "⧉", Gap: "⋮",
		Up: "▲", Down: "▼", Thumb: "█", Track: "│", MoreLeft: "◂", MoreRight: "▸", MoreDown: "↓", Rule: "─",
		Live: "●", File: "▷", Frozen: "▮▮", Stopped: "■", Loading: "▷", Bad: "✗", Warn: "⚠", Chosen: "•", About: "≈", AtMost: "≤", PlusMinus: "±", Choices: "▾", None: "–",
		Caret: "▏", Times: "×", Bars: [8]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
		Pin: "┆", Hatch: "░", Tick: "┤", Corner: "└", AxisPin: "┴", Apart: "≠", Same: "≡",
		TopLeft: "┌", TopRight: "┐", BottomLeft: "└", BottomRight: "┘",
	}
}

// ASCII is the set for every other terminal.
func ASCII() Set {
	return Set{
		ASCII:  true,
		Cursor: ">", Mark: "*", Right: ">", Left: "<", Line: "-", Double: "=", Bar: "|", GapBar: ":",
		Cross: "+", Foot: "+", Turn: "+", TurnLeft: "+", Ellipsis: "~", To: ">", Both: "<>", Dot: ".", Again: "r", Twin: "d", Gap: ":",
		Up: "^", Down: "v", Thumb: "#", Track: "|", MoreLeft: "<", MoreRight: ">", MoreDown: "v", Rule: "-",
		Live: "*", File: ">", Frozen: "||", Stopped: "#", Loading: ">", Bad: "x", Warn: "!", Chosen: "o", About: "~", AtMost: "<", PlusMinus: "+-", Choices: "v", None: "-",
		Caret: "_", Times: "x", Bars: [8]string{"_", ".", ",", "-", "=", "+", "*", "#"},
		Pin: "!", Hatch: ":", Tick: "|", Corner: "+", AxisPin: "+", Apart: "#", Same: "=",
		TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
	}
}
