package pipeline_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sipsniff/correlate"
	"sipsniff/internal/allowance"
)

// TestPayloadsAgainstTshark compares what is found in the payload of streams
// of shared captures with what tshark reads there: the frames of video are the
// timestamps of an SSRC, presses are its events, and faxes are the packets
// that tshark can read as UDPTL (others on the port are the speech before).
func TestPayloadsAgainstTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	dir := shared(t, "pcaps")
	for _, id := range allowance.Some([]string{"c0016", "c0026", "c0273", "c0298", "c0425", "c0580"}, 3) {
		t.Run(id, func(t *testing.T) {
			names, _ := filepath.Glob(filepath.Join(dir, "files", id+".*"))
			if len(names) != 1 {
				t.Skip("the capture is missing")
			}
			r, err := read(names[0])
			if err != nil {
				t.Fatal(err)
			}
			frames, presses, faxes := theirs(t, names[0])
			own := map[string]int{}
			for _, s := range r.Snapshot.Streams {
				ssrc := fmt.Sprintf("%#08x", s.SSRC)
				if s.Fax != nil {
					own["fax "+s.Src.Addr().String()] += int(s.Packets)
				}
				if s.Content == nil {
					continue
				}
				if v := s.Content.Video; v != nil {
					own["frames "+ssrc] += int(v.Frames)
				}
				for _, d := range s.Content.DTMF {
					if d.Source == correlate.DigitEvent {
						own["presses "+ssrc]++
					}
				}
			}
			for what, n := range own {
				kind, name, _ := strings.Cut(what, " ")
				want := map[string]map[string]int{"frames": frames, "presses": presses, "fax": faxes}[kind][name]
				if n != want {
					t.Errorf("%s: %d, tshark %d", what, n, want)
				}
			}
			for name := range presses {
				if own["presses "+name] == 0 {
					t.Errorf("no presses of %s", name)
				}
			}
			for name := range faxes {
				if own["fax "+name] == 0 {
					t.Errorf("no fax from %s", name)
				}
			}
			if len(own) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

// theirs counts the timestamps and the events of each SSRC, and the UDPTL
// packets of each host, as tshark reads them.
func theirs(t *testing.T, name string) (frames, presses, faxes map[string]int) {
	t.Helper()
	fields := func(filter string, fields ...string) [][]string {
		args := []string{"-r", name, "-Y", filter, "-T", "fields"}
		for _, f := range fields {
			args = append(args, "-e", f)
		}
		out, err := exec.Command("tshark", args...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var rows [][]string
		for line := range strings.Lines(string(out)) {
			rows = append(rows, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
		return rows
	}
	distinct := func(rows [][]string) map[string]int {
		seen, counts := map[string]bool{}, map[string]int{}
		for _, row := range rows {
			if key := strings.Join(row, " "); !seen[key] {
				seen[key] = true
				counts[row[0]]++
			}
		}
		return counts
	}
	faxes = map[string]int{}
	for _, row := range fields("t38 && !_ws.malformed", "ip.src") {
		faxes[row[0]]++
	}
	return distinct(fields("rtp", "rtp.ssrc", "rtp.timestamp")), distinct(fields("rtpevent", "rtp.ssrc", "rtp.timestamp", "rtpevent.event_id")), faxes
}
