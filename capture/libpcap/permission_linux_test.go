package libpcap

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestLimitsIn(t *testing.T) {
	for _, tt := range []struct {
		status              string
		bounded, noNewPrivs bool
	}{
		{"Name:\tx\nCapBnd:\t000001ffffffffff\nNoNewPrivs:\t0\n", false, false},
		{"CapBnd:\t00000000a80405fb\nNoNewPrivs:\t1\n", true, true}, // bit 13 is not set
		{"CapBnd:\t00000000a80425fb\n", false, false},               // that of Docker, with it
		{"CapBnd:\tnonsense\n", false, false},
		{"", false, false},
	} {
		if b, n := limitsIn(tt.status); b != tt.bounded || n != tt.noNewPrivs {
			t.Errorf("%q: %v, %v", tt.status, b, n)
		}
	}
}

// A file system mounted nosuid is found, and named by its mount point. Most
// systems mount /proc so.
func TestNosuidMount(t *testing.T) {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(mounts)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[1] != "/proc" {
			continue
		}
		want := ""
		if strings.Contains(","+fields[3]+",", ",nosuid,") {
			want = "/proc"
		}
		if got := nosuidMount("/proc/self/status"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		return
	}
	t.Skip("no /proc in the list of mounts")
}

func TestNosuidMountOfNothing(t *testing.T) {
	if got := nosuidMount("/no/such/file"); got != "" {
		t.Errorf("got %q", got)
	}
	var fs syscall.Statfs_t
	if syscall.Statfs("/", &fs) == nil && fs.Flags&mountNosuid == 0 && nosuidMount("/") != "" {
		t.Error("the root is not mounted nosuid")
	}
}
