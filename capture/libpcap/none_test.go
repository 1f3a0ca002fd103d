//go:build !cgo || nopcap

package libpcap

import (
	"errors"
	"testing"

	"sipsniff/capture"
)

func TestNotBuilt(t *testing.T) {
	var missing *NotBuiltError
	if _, err := Open([]string{"lo"}, Config{}); !errors.As(err, &missing) || !errors.Is(err, ErrNotBuilt) {
		t.Errorf("open: %v", err)
	}
	if _, err := CompileFilter("udp"); !errors.As(err, &missing) || missing.Error() != "capture filters: this sipsniff was built without libpcap" {
		t.Errorf("filter: %v", err)
	}
	if match, err := CompileFilter(""); match != nil || err != nil {
		t.Errorf("an empty filter: %v", err)
	}
	if f, err := NewFilter(""); err != nil || !f.Match(&capture.Frame{}) {
		t.Errorf("an empty filter: %v", err)
	}
}
