package emodel

import (
	"fmt"
	"strings"
)

// A Source says where a value comes from.
type Source string

// The sources of spec §6.7. G.113 itself calls its values provisional.
const (
	G113I     Source = "G.113 App. I"       // Ie from Table I.1, with Bpl from Table I.4
	G113IV    Source = "G.113 App. IV"      // wide band, monotic listening
	G113V     Source = "G.113 App. V"       // full band, diotic listening
	Telektron Source = "derived"            // from the delay bounds of De Vleeschauwer et al., Telektronikk 2/3.2001
	Assumed   Source = "assumed"            // nobody publishes it
	User      Source = "set by --codec"     // on the command line
	recalled  Source = "G.113 App. IV (r.)" // as G113IV, not read again
)

// An Entry is what is known of one codec at one rate.
type Entry struct {
	Name     string // "G729", "AMR 12.2"
	Encoding string // of the rtpmap, in capitals
	Clock    uint32 // Hz of the rtpmap that it is for, 0 for any
	Rate     float64
	Codec
	IeFrom, BplFrom Source
	Lookahead       float64 // ms that the encoder waits beyond the frame

	mode   int     // of AMR and AMR-WB, -1 of others
	above  float64 // kbit/s of payload from which on it is for, 0 for any
	silent bool    // for streams with silence suppression only
}

// Assumed reports whether a value of the entry is nobody's but ours.
func (e *Entry) Assumed() bool { return e.IeFrom == Assumed || e.BplFrom == Assumed }

// Basis says in a line what an estimate with this entry rests on:
// "G.107 PCMU Ie=0 Bpl=25.1".
func (e *Entry) Basis() string {
	text := fmt.Sprintf("%s %s Ie=%g Bpl=%g", [...]string{"G.107", "G.107.1", "G.107.2"}[e.Scale%scales], e.Name, e.Ie, e.Bpl)
	switch {
	case e.IeFrom == User:
		return text + " (" + string(User) + ")"
	case e.IeFrom == Assumed && e.BplFrom == Assumed:
		return text + " (assumed)"
	case e.IeFrom == Assumed:
		return text + " (Ie assumed)"
	case e.BplFrom == Assumed:
		return text + " (Bpl assumed)"
	}
	return text
}

// A Format is what is known of a stream's coding.
type Format struct {
	Encoding string  // of the rtpmap
	Clock    uint32  // Hz of the rtpmap
	PTime    float64 // ms in a packet, 0 unknown
	Rate     float64 // kbit/s of payload while somebody speaks, 0 unknown
	Playback uint32  // Hz, maxplaybackrate of Opus, 0 unknown
	Mode     int     // of AMR and AMR-WB, -1 unknown
	Silence  bool    // silence is suppressed
}

// A Table finds the impairments of a codec. The zero value is the table of
// spec §6.7; Override changes it. It may be read by several goroutines once
// it is complete.
type Table struct {
	own []Entry
}

// Override sets the impairments of a codec, by its encoding name in any case.
func (t *Table) Override(encoding string, c Codec) {
	name := strings.ToUpper(encoding)
	t.own = append(t.own, Entry{Name: encoding, Encoding: name, Codec: c, IeFrom: User, BplFrom: User, mode: -1, Lookahead: lookaheadOf(name)})
}

func lookaheadOf(encoding string) float64 {
	for i := range entries {
		if entries[i].Encoding == encoding {
			return entries[i].Lookahead
		}
	}
	return 0
}

// Entries lists the table, what was set by Override first.
func (t *Table) Entries() []Entry { return append(append([]Entry(nil), t.own...), entries[:]...) }

// Find returns the entry for a format. It is not ok when the codec is not in
// the table: then there is nothing to base an estimate on.
func (t *Table) Find(f Format) (e Entry, ok bool) {
	name := strings.ToUpper(f.Encoding)
	for i := range t.own {
		if t.own[i].Encoding == name {
			return t.own[i], true
		}
	}
	if name == "OPUS" {
		name = opusName(f.Playback)
	}
	if alias, is := aliases[name]; is {
		name = alias
	}
	for i := range entries {
		if entries[i].fits(name, &f) {
			return entries[i], true
		}
	}
	return Entry{}, false
}

// opusName tells by the rate that the receiver plays at which entries are for
// it; they are listed under names of their own.
func opusName(playback uint32) string {
	switch {
	case playback == 0 || playback > 16000:
		return "OPUS"
	case playback > 8000:
		return "OPUS WB"
	}
	return "OPUS NB"
}

func (e *Entry) fits(name string, f *Format) bool {
	switch {
	case e.Encoding != name, e.Clock != 0 && e.Clock != f.Clock:
		return false
	case e.mode >= 0 && e.mode != f.Mode:
		return false
	case e.silent && !f.Silence:
		return false
	}
	return e.above == 0 || f.Rate >= e.above
}
