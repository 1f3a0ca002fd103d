package sip

import (
	"strings"
	"testing"
)

// Every message of RFC 4475 and RFC 5118 is recognised in a datagram without
// any hint.
func TestDetectTorture(t *testing.T) {
	for folder, cases := range map[string][]tortureCase{"rfc4475/": rfc4475, "rfc5118/": rfc5118} {
		for _, c := range cases {
			if class, start := Detect([]byte(readMessage(t, folder+c.name)), Hint{}); class != IsMessage || start != 0 {
				t.Errorf("%s: class %d at %d", c.name, class, start)
			}
		}
	}
}

// On a stream every message of RFC 4475 is found, with its header block
// complete, and so is the one behind it, octet by octet as well.
func TestFramerTorture(t *testing.T) {
	good := message("BYE sip:b@h SIP/2.0", length(0), "")
	for _, c := range rfc4475 {
		raw := readMessage(t, "rfc4475/"+c.name)
		head := raw
		if i := strings.Index(raw, "\r\n\r\n"); i >= 0 {
			head = raw[:i+4]
		}
		for _, ends := range [][]int{nil, oneByOne(len(good + raw + good))} {
			got, _ := frameAll(Framer{}, good+raw+good, ends, nil, true)
			if len(got) < 2 || !strings.HasPrefix(got[1].What, head) {
				t.Errorf("%s: found %v", c.name, got)
				continue
			}
			if c.name == "clerr" { // a Content-Length of 9999 takes what follows
				if !got[1].Cut || got[1].What != raw+good {
					t.Errorf("%s: found %v", c.name, got)
				}
			} else if last := got[len(got)-1]; last.What != good || last.At != len(good+raw) {
				t.Errorf("%s: the message behind it is not found in %v", c.name, got)
			}
		}
	}
}
