package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"sipsniff/correlate"
	"sipsniff/correlate/press"
)

func TestFaxTones(t *testing.T) {
	content := &correlate.Content{FaxTones: []press.FaxTone{
		{Name: press.CNG, At: 1e9, Nanos: 7_500_000_000, Level: -15, Frame: 7, Times: 3},
		{Name: press.CED, At: 9e9, Nanos: 3e9, Level: -12, Frame: 99, Times: 1, Reversals: 6},
		{Name: press.CED, At: 13e9, Nanos: 3e9, Level: -12, Frame: 120, Times: 1, Modulated: true},
	}}
	stream := &correlate.Stream{ID: 3, Content: content}
	var b bytes.Buffer
	if err := writePayloads(&b, &correlate.Snapshot{Streams: []*correlate.Stream{stream}}, false); err != nil {
		t.Fatal(err)
	}
	want := "\nStream 3: fax tone heard: CNG (1100 Hz, 3 times) at " + clock(1e9) + ", CED (2100 Hz, phase reversed 6 times) at " + clock(9e9) +
		", ANSam (2100 Hz, swelling) at " + clock(13e9) + "\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	text, err := json.Marshal(newPayload(stream, false).Tones[1:])
	if err != nil {
		t.Fatal(err)
	}
	want = `[{"tone":"CED","at":"1970-01-01T00:00:09.000000000Z","duration_ms":3000,"level_dbov":-12,"frame":99,"times":1,"phase_reversals":6},` +
		`{"tone":"CED","at":"1970-01-01T00:00:13.000000000Z","duration_ms":3000,"level_dbov":-12,"frame":120,"times":1,"modulated":true}]`
	if string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
}
