package capture

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// recorderFiles lists what is in a folder.
func recorderFiles(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// record writes n frames, one each step.
func record(t *testing.T, r *Recorder, first, n int, step time.Duration) {
	t.Helper()
	for i := first; i < first+n; i++ {
		if err := r.Write(frameOf(int64(i)*int64(step), 1000, 1)); err != nil {
			t.Fatal(err)
		}
	}
}

// By size and by time a recording goes on in another file; no frame is lost or
// written twice, and the oldest files leave.
func TestRecorderRotates(t *testing.T) {
	for name, c := range map[string]struct {
		rotation Rotation
		file     string
		want     []string
		frames   int // in all files
	}{
		"size":       {Rotation{Size: 100_000}, "a.pcap", []string{"a-000001.pcap", "a-000002.pcap", "a-000003.pcap"}, 250},
		"time":       {Rotation{Every: 100 * time.Second}, "a.pcapng", []string{"a-000001.pcapng", "a-000002.pcapng", "a-000003.pcapng"}, 250},
		"the oldest": {Rotation{Every: 100 * time.Second, Files: 2}, "a.pcapng", []string{"a-000002.pcapng", "a-000003.pcapng"}, 150},
		"odd name":   {Rotation{Every: 100 * time.Second}, "50%d", []string{"50%d-000001", "50%d-000002", "50%d-000003"}, 250},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			r, err := NewRecorder(filepath.Join(folder, c.file), RecorderOptions{Rotation: c.rotation})
			if err != nil {
				t.Fatal(err)
			}
			record(t, r, 1, 250, time.Second)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			names := recorderFiles(t, folder)
			if !slices.Equal(names, c.want) {
				t.Errorf("files %v, want %v", names, c.want)
			}
			var times []int64
			for _, n := range names {
				frames, _ := readFile(t, filepath.Join(folder, n))
				for _, f := range frames {
					times = append(times, f.Nanos/1e9)
				}
			}
			if len(times) != c.frames || times[len(times)-1] != 250 || !slices.IsSorted(times) || len(slices.Compact(times)) != c.frames {
				t.Errorf("%d frames, want %d: %v", len(times), c.frames, times)
			}
		})
	}
}

// A further run goes on behind the files of the one before, and clears up
// among them, but not among others.
func TestRecorderAdopts(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a-000007.pcap", "a-000008.pcap", "a-9.pcap", "b-000001.pcap", "a-000009.pcapng"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := NewRecorder(filepath.Join(folder, "a.pcap"), RecorderOptions{Rotation: Rotation{Size: 1 << 20, Files: 2}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := []string{"a-000008.pcap", "a-000009.pcap", "a-000009.pcapng", "a-9.pcap", "b-000001.pcap"}
	if got := recorderFiles(t, folder); !slices.Equal(got, want) || r.Status().File != filepath.Join(folder, "a-000009.pcap") {
		t.Errorf("%v in %s, want %v", got, r.Status().File, want)
	}
}

// A clock that is set back by an hour does not keep a file going for that much
// longer.
func TestRecorderAfterClockIsSetBack(t *testing.T) {
	folder := t.TempDir()
	r, err := NewRecorder(filepath.Join(folder, "a.pcap"), RecorderOptions{Rotation: Rotation{Every: 100 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	record(t, r, 3600, 50, time.Second)
	record(t, r, 1, 250, time.Second)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := recorderFiles(t, folder), []string{"a-000001.pcap", "a-000002.pcap", "a-000003.pcap"}; !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
}

// Numbers of more than six digits are higher than those of six.
func TestRecorderAdoptsByNumber(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a-999998.pcap", "a-999999.pcap", "a-1000000.pcap"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := NewRecorder(filepath.Join(folder, "a.pcap"), RecorderOptions{Rotation: Rotation{Size: 1 << 20, Files: 2}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, want := recorderFiles(t, folder), []string{"a-1000000.pcap", "a-1000001.pcap"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// refusing is a disk that takes nothing more.
type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// When the end of a file cannot be written, the following file takes frames at
// once, and those that are missing are told.
func TestRecorderTurnsAfterError(t *testing.T) {
	folder := t.TempDir()
	r, err := NewRecorder(filepath.Join(folder, "a.pcap"), RecorderOptions{Persist: true, Rotation: Rotation{Every: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	record(t, r, 1, 3, 100*time.Millisecond)
	r.writer.out = refusing{} // the three are still in memory
	record(t, r, 11, 4, 100*time.Millisecond)
	if st := r.Status(); st.Failing || st.Missing != 3 || st.Files != 2 || !errors.Is(st.Err, syscall.ENOSPC) {
		t.Errorf("%+v", st)
	}
	if err := r.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("closed with %v", err)
	}
	if frames, _ := readFile(t, filepath.Join(folder, "a-000002.pcap")); len(frames) != 4 {
		t.Errorf("%d frames in the second file, want 4", len(frames))
	}
}

// Every file has the secrets that came before it.
func TestRecorderSecrets(t *testing.T) {
	folder := t.TempDir()
	r, err := NewRecorder(filepath.Join(folder, "a.pcapng"), RecorderOptions{Rotation: Rotation{Every: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.WriteSecret(Secret{Type: SecretTLSKeyLog, Data: []byte("CLIENT_RANDOM 1 2\n")}); err != nil {
		t.Fatal(err)
	}
	record(t, r, 1, 3, time.Second)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	names := recorderFiles(t, folder)
	if len(names) != 3 {
		t.Fatal(names)
	}
	for _, n := range names {
		b, err := os.ReadFile(filepath.Join(folder, n))
		if err != nil || strings.Count(string(b), "CLIENT_RANDOM 1 2\n") != 1 {
			t.Errorf("%s: %v, the secret is there %d times", n, err, strings.Count(string(b), "CLIENT_RANDOM 1 2\n"))
		}
	}
}

// Reopen begins the file anew when somebody moved it away, and leaves it alone
// otherwise.
func TestRecorderReopens(t *testing.T) {
	folder := t.TempDir()
	name, moved := filepath.Join(folder, "a.pcap"), filepath.Join(folder, "a.pcap.1")
	r, err := NewRecorder(name, RecorderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	record(t, r, 1, 2, time.Millisecond)
	r.Reopen()
	record(t, r, 3, 1, time.Millisecond)
	if err := os.Rename(name, moved); err != nil {
		t.Fatal(err)
	}
	record(t, r, 4, 1, time.Millisecond)
	r.Reopen()
	if err := r.Flush(); err != nil {
		t.Fatal(err)
	}
	record(t, r, 5, 3, time.Millisecond)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := readFile(t, moved)
	after, _ := readFile(t, name)
	if len(before) != 4 || len(after) != 3 || r.Status().Files != 2 {
		t.Errorf("%d frames before, %d after, %d files", len(before), len(after), r.Status().Files)
	}
}
