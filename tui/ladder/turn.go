package ladder

import (
	"fmt"
	"time"

	"sipsniff/correlate"
)

// shortTurn is how long a codec has to stay to have a row: what is shorter are
// signals under a payload type of their own.
const shortTurn = int64(time.Second)

// epochs are the codecs of a stream in turn, the short ones left out; nil when
// there is one only.
func epochs(s *correlate.Stream) []correlate.CodecTurn {
	var list []correlate.CodecTurn
	for i, t := range s.Turns {
		end := s.Last
		if i+1 < len(s.Turns) {
			end = s.Turns[i+1].Since
		}
		same := len(list) > 0 && list[len(list)-1].PayloadType == t.PayloadType
		if end-t.Since >= shortTurn && !same {
			list = append(list, t)
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// turn is the text where a stream goes over to another codec. Its numbers stand
// where it begins.
func (l *labeller) turn(t *correlate.CodecTurn) []Label {
	name := l.codecName(t.Codec, t.PayloadType)
	return []Label{{Text: fmt.Sprintf("now %s (payload type %d)", name, t.PayloadType)}, {Text: "now " + name}, {Text: name}}
}

// turned is the name of the first codec of a stream and how many others it goes
// over to: "PCMA+1".
func (l *labeller) turned(turns []correlate.CodecTurn) string {
	others := map[string]bool{}
	first := l.codecName(turns[0].Codec, turns[0].PayloadType)
	for _, t := range turns[1:] {
		if name := l.codecName(t.Codec, t.PayloadType); name != first {
			others[name] = true
		}
	}
	if len(others) == 0 {
		return first
	}
	return fmt.Sprintf("%s+%d", first, len(others))
}
