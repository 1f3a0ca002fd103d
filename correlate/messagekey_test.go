package correlate

import (
	"testing"

	"sipsniff/decode/sip"
)

// A copy without its text has the key of the message; another message of the
// same frame has not.
func TestMessageKey(t *testing.T) {
	m := &Message{Frame: 7, Method: "INVITE", CSeq: sip.CSeq{Number: 1, Method: "INVITE"}, Raw: "INVITE sip:a", where: textPlace{texts: &texts{}, offset: 90, length: 12}}
	without := *m
	without.where.settle(without.Raw)
	without.Raw = ""
	if m.Key() != without.Key() {
		t.Errorf("%+v is not %+v", without.Key(), m.Key())
	}
	behind := *m
	behind.where.offset = 502
	answer := *m
	answer.Method, answer.StatusCode = "", 200
	for _, other := range []*Message{&behind, &answer, nil} {
		if m.Key() == other.Key() {
			t.Errorf("%+v has the same key", other)
		}
	}
}
