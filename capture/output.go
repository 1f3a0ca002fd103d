package capture

import (
	"os"
	"path/filepath"
	"strings"
)

// An OutputError reports a file name that will not be written to.
type OutputError struct {
	Name    string
	Problem string
	hint    string
}

func (e *OutputError) Error() string { return e.Name + ": " + e.Problem }

// Hint is the next step for the user.
func (e *OutputError) Hint() string { return e.hint }

func formatOfName(name string) string {
	if strings.HasSuffix(strings.ToLower(name), ".pcapng") {
		return "pcapng"
	}
	return "pcap"
}

// checkOutput refuses a name that promises compression, and a file that is
// being read, by whatever name.
func checkOutput(name string, inputs []string) error {
	lower := strings.ToLower(name)
	for _, suffix := range []string{".gz", ".zst", ".lz4", ".xz", ".bz2"} {
		if strings.HasSuffix(lower, suffix) {
			return &OutputError{Name: name, Problem: "compressed files are read, but not written",
				hint: "write to " + ShellQuote(name[:len(name)-len(suffix)]) + " and compress it afterwards"}
		}
	}
	there, err := os.Stat(name)
	if err != nil {
		return nil // most likely there is no such file; opening it tells
	}
	if there.IsDir() {
		return &OutputError{Name: name, Problem: "is a directory", hint: "name the file in it, such as " + ShellQuote(filepath.Join(name, "out.pcap"))}
	}
	for _, input := range inputs {
		if isSameFile(there, input) {
			return &OutputError{Name: name, Problem: "is being read and would be overwritten", hint: "write to another file"}
		}
	}
	return nil
}

func isSameFile(there os.FileInfo, input string) bool {
	stat := func() (os.FileInfo, error) { return os.Stat(input) }
	if input == "-" {
		stat = os.Stdin.Stat
	}
	in, err := stat()
	return err == nil && in.Mode().IsRegular() && os.SameFile(there, in)
}
