package report

import (
	"bytes"
	"encoding/json"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/audio"
)

// Half of ten seconds is silence, a fifth of that made by a machine; a peak of
// 16384 is −6.02 dBov. What was not measured is not there.
func TestLevels(t *testing.T) {
	measured := &correlate.Stream{ID: 3, Codec: "PCMU", Levels: &audio.Levels{Frames: 500, Silent: 250, Digital: 50, Mean: -23.01, Active: -20, Peak: 16384, Seconds: 10, ClippedSeconds: 2}}
	still := &correlate.Stream{ID: 4, Codec: "PCMA", Levels: &audio.Levels{Frames: 50, Silent: 50, Digital: 50, Mean: -127, Seconds: 1}}
	unknown := &correlate.Stream{ID: 5, Codec: "G729"}
	for s, want := range map[*correlate.Stream]string{
		measured: `{"mean_dbov":-23.01,"active_dbov":-20,"peak_dbov":-6.0206,"silent_percent":50,"digital_silence_percent":10,"measured_ms":10000,"clipped_seconds":2}`,
		still:    `{"mean_dbov":-127,"peak_dbov":-127,"silent_percent":100,"digital_silence_percent":100,"measured_ms":1000,"clipped_seconds":0}`,
	} {
		got, err := json.Marshal(newStream(s, &Result{}).Levels)
		if err != nil || string(got) != want {
			t.Errorf("%v\n%s, want\n%s", err, got, want)
		}
	}
	if text, err := json.Marshal(newStream(unknown, &Result{})); err != nil || bytes.Contains(text, []byte("levels")) {
		t.Errorf("%s, %v", text, err)
	}
	var b bytes.Buffer
	if err := writeLevels(&b, []*correlate.Stream{measured, still, unknown}); err != nil {
		t.Fatal(err)
	}
	want := `
Stream  Codec  Level dBov  Speech dBov    Peak  Silent%  Digital%  Clipped s  of s
     3  PCMU        -23.0        -20.0    -6.0       50        10          2    10
     4  PCMA       -127.0            -  -127.0      100       100          0     1
`
	if got := b.String(); got != want {
		t.Errorf("%s", got)
	}
	b.Reset()
	if err := writeLevels(&b, []*correlate.Stream{unknown}); err != nil || b.Len() > 0 {
		t.Errorf("%q %v", b.String(), err)
	}
}
