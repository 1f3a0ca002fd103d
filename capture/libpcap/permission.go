package libpcap

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"

	"sipsniff/capture"
)

// A PermissionError reports that this process may not capture. Its Hint is
// worked out from what is true of the process and its executable.
type PermissionError struct {
	Interface  string
	Executable string // absolute, symbolic links resolved

	called     string // by the user, "" when that is not known
	user       string
	uid        int
	nosuid     string // mount point of the executable when it is mounted nosuid
	bounded    bool   // CAP_NET_RAW is outside the bounding set
	noNewPrivs bool   // the process may not gain rights
}

// NewPermissionError reports that this process may not capture on an interface.
func NewPermissionError(name string) *PermissionError {
	e := &PermissionError{Interface: name, Executable: executable(), called: os.Args[0], uid: os.Getuid()}
	e.user = strconv.Itoa(e.uid)
	if u, err := user.Current(); err == nil {
		e.user = u.Username
	}
	e.nosuid = nosuidMount(e.Executable)
	e.bounded, e.noNewPrivs = processLimits()
	return e
}

// executable is the path of this program as setcap needs it.
func executable() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return path
}

func (e *PermissionError) Error() string {
	return fmt.Sprintf("cannot capture on %s: operation not permitted", e.Interface)
}

// Unwrap makes errors.Is(err, fs.ErrPermission) true.
func (e *PermissionError) Unwrap() error { return os.ErrPermission }

// Hint says in several lines how to get the right to capture.
func (e *PermissionError) Hint() string {
	path := quote(e.Executable)
	name := filepath.Base(e.Executable)
	if strings.ContainsRune(e.called, filepath.Separator) { // it is not found by its name
		name = capture.ShellQuote(e.called)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "You are %q (uid %d). Capturing needs one capability, CAP_NET_RAW.\n", e.user, e.uid)
	b.WriteString("Give it to this program once:\n\n")
	fmt.Fprintf(&b, "    sudo setcap cap_net_raw=ep %s\n\n", path)
	fmt.Fprintf(&b, "or run once as root:   sudo %s -i %s\n", name, e.Interface)
	fmt.Fprintf(&b, "or read a file:        %s -I capture.pcap\n\n", name)
	for _, note := range e.notes() {
		b.WriteString(note + "\n")
	}
	fmt.Fprintf(&b, "Larger receive buffers also want: sudo setcap cap_net_raw,cap_net_admin=ep %s", path)
	return b.String()
}

// notes are the reasons for which setcap alone would not help.
func (e *PermissionError) notes() []string {
	var notes []string
	if e.nosuid != "" {
		notes = append(notes, e.nosuid+" is mounted nosuid, file capabilities are ignored there: copy the program to /usr/local/bin first")
	}
	if e.bounded {
		notes = append(notes, "container: start it with --cap-add NET_RAW")
	}
	if e.noNewPrivs {
		notes = append(notes, "no_new_privs is set for this process: file capabilities are ignored until it is started without")
	}
	return notes
}

// quote quotes a path for the shell, also where it is not needed, because the
// line is meant to be pasted.
func quote(path string) string {
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
