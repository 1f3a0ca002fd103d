package libpcap

import (
	"os"
	"strings"
	"testing"
)

func TestPermissionHint(t *testing.T) {
	e := &PermissionError{Interface: "eth0", Executable: "/usr/local/bin/sipsniff", user: "anna", uid: 1000}
	if e.Error() != "cannot capture on eth0: operation not permitted" {
		t.Errorf("error %q", e)
	}
	want := `You are "anna" (uid 1000). Capturing needs one capability, CAP_NET_RAW.
Give it to this program once:

    sudo setcap cap_net_raw=ep '/usr/local/bin/sipsniff'

or run once as root:   sudo sipsniff -i eth0
or read a file:        sipsniff -I capture.pcap

Larger receive buffers also want: sudo setcap cap_net_raw,cap_net_admin=ep '/usr/local/bin/sipsniff'`
	if got := e.Hint(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// What is called by its path is not found by its name.
func TestPermissionHintOfAPath(t *testing.T) {
	e := &PermissionError{Interface: "eth0", Executable: "/home/anna/my tools/sipsniff", called: "./my tools/sipsniff", user: "anna", uid: 1000}
	for _, want := range []string{"sudo './my tools/sipsniff' -i eth0\n", "   './my tools/sipsniff' -I capture.pcap\n"} {
		if !strings.Contains(e.Hint(), want) {
			t.Errorf("no %q in:\n%s", want, e.Hint())
		}
	}
}

func TestPermissionNotes(t *testing.T) {
	e := &PermissionError{Interface: "eth0", Executable: "/home/o'hara/my tools/sipsniff", nosuid: "/home", bounded: true, noNewPrivs: true}
	for _, want := range []string{
		`sudo setcap cap_net_raw=ep '/home/o'\''hara/my tools/sipsniff'` + "\n",
		"/home is mounted nosuid, file capabilities are ignored there: copy the program to /usr/local/bin first\n",
		"container: start it with --cap-add NET_RAW\n",
		"no_new_privs is set",
	} {
		if !strings.Contains(e.Hint(), want) {
			t.Errorf("no %q in:\n%s", want, e.Hint())
		}
	}
}

func TestPermissionOfThisProcess(t *testing.T) {
	e := NewPermissionError("eth0")
	if stat, err := os.Stat(e.Executable); err != nil || stat.IsDir() || e.uid != os.Getuid() || e.user == "" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestHints(t *testing.T) {
	for _, tt := range []struct {
		err  interface{ Hint() string }
		want string
	}{
		{&NotBuiltError{What: "live capture"}, "libpcap-dev"},
		{&FilterError{Expression: "x"}, "pcap-filter(7)"},
		{&InterfaceError{Interface: "x", Err: ErrNoSuchInterface, Known: []string{"lo", "eth0"}}, "lo, eth0"},
		{&InterfaceError{Interface: "x", Err: ErrInterfaceDown}, "ip link set x up"},
	} {
		if !strings.Contains(tt.err.Hint(), tt.want) {
			t.Errorf("%T: hint %q", tt.err, tt.err.Hint())
		}
	}
}
