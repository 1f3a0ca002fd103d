package correlate

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"sipsniff/decode/dtmf"
	"sipsniff/internal/allowance"
)

const infoCall = `
	1.0 A>B INVITE 1 sdp
	1.1 B>A 200 INVITE 1 sdp
	1.2 A>B ACK 1
`

// The same INFO again, on another hop and by the capture, is one press; keys
// of the callee are its own.
func TestKeysOfInfo(t *testing.T) {
	s := parseScript(t, infoCall+`
		2.0 A>B INFO 2
		2.1 B>A 200 INFO 2
		2.5 A>B INFO 2
		2.6 A>B INFO 2 copy
		2.7 P>B INFO 2
		3.0 A>B INFO 3
		4.0 B>A INFO 1 from=b to=a
		5.0 A>B INFO 4
	`)
	bodies := map[int][2]string{3: {"application/dtmf-relay", "Signal=4\r\nDuration=160\r\n"}, 8: {"application/dtmf", "#"}, 9: {"application/dtmf-relay", "Signal=4\r\n"}, 10: {"text/plain", "5"}}
	for i, b := range bodies {
		s[i] = s[i].with(b[0], b[1])
	}
	for _, i := range []int{5, 6, 7} {
		s[i] = s[i].with(bodies[3][0], bodies[3][1])
	}
	snap := playAll(t, s, nil)
	c := snap.Calls[0]
	if Keys(c.DTMF, true) != "4#4" || len(c.DTMF) != 3 {
		t.Fatalf("%+v", c.DTMF)
	}
	first := c.DTMF[0]
	if first.Source != DigitInfo || first.At != at(2) || first.Duration != 160*msec || first.HasVolume || !first.FromCaller || first.Frame != 4 || first.Stream != 0 {
		t.Errorf("%+v", first)
	}
	if c.DTMF[1].Duration != -1 || c.DTMF[2].FromCaller {
		t.Errorf("%+v", c.DTMF[1:])
	}
	if groups := c.DigitGroups(); len(groups) != 2 || len(groups[0]) != 2 || len(groups[1]) != 1 {
		t.Errorf("%+v", groups)
	}
}

// One press that is told by two ways within 200 ms counts once; the same key a
// second later is another.
func TestSamePress(t *testing.T) {
	list := inOrder([]Digit{
		{Source: DigitInfo, Key: "5", At: 1200 * msec, FromCaller: true},
		{Source: DigitEvent, Key: "5", At: 1100 * msec, FromCaller: true, Stream: 1},
		{Source: DigitEvent, Key: "5", At: 1110 * msec, FromCaller: true, Stream: 3}, // behind a relay
		{Source: DigitEvent, Key: "5", At: 1150 * msec, Stream: 2},                   // of the other side
		{Source: DigitEvent, Key: "5", At: 1250 * msec, FromCaller: true, Stream: 1}, // the same way: pressed again
		{Source: DigitInband, Key: "5", At: 2500 * msec, FromCaller: true, Stream: 1},
		{Source: DigitEvent, Key: "ANS", Machine: true, At: 2600 * msec},
	})
	if got := Keys(list, true); got != "5555" {
		t.Errorf("%s: %+v", got, list)
	}
	if d := list[6]; d.Shown(false) != "ANS" || list[0].Shown(false) != "*" {
		t.Errorf("%+v", d)
	}
}

// with gives a message a body.
func (l scriptLine) with(kind, body string) scriptLine {
	head := strings.TrimSuffix(l.message, "Content-Length: 0\r\n\r\n")
	l.message = fmt.Sprintf("%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", head, kind, len(body), body)
	return l
}

// However many keys arrive within 200 ms, listing them takes no square of
// their number, and the earliest are those that are listed.
func TestManyKeysAtOnce(t *testing.T) {
	const pressesPerInfo = 32
	r := &callRecord{}
	for n := range maxInfo {
		r.pressed = append(r.pressed, pressed{number: uint32(n), at: int64(maxInfo - n), press: dtmf.Press{Keys: strings.Repeat("5", pressesPerInfo)}})
	}
	var streams []*Stream
	for id := range 64 {
		s := &Stream{Content: &Content{}}
		for n := range 256 {
			s.Content.DTMF = append(s.Content.DTMF, Digit{Source: DigitEvent, Key: strconv.Itoa(id), At: int64(300 + n), Stream: id})
		}
		streams = append(streams, s)
	}
	var list []Digit
	for a := allowance.New(t, "listing the keys", 300*time.Millisecond); a.Try(3); {
		a.Time(func() { list = r.digitsOf(streams) })
	}
	if len(list) != maxCallDigits || list[0].At != 1 || list[maxCallDigits-1].At != maxCallDigits/pressesPerInfo {
		t.Errorf("%d keys, the last at %d", len(list), list[len(list)-1].At)
	}
}
