package capture

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sharedCaptures is a set of captures beside the repository that does not
// belong to it. A capture of it is named by its id only.
const sharedCaptures = "../../shared/pcaps"

// A sharedCapture is what the catalog says of a capture.
type sharedCapture struct {
	id, path string
	packets  int
}

// sharedCatalog reads the catalog, nil when it is not there.
func sharedCatalog(t testing.TB) []sharedCapture {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedCaptures, "catalog.tsv"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	var all []sharedCapture
	for _, row := range rows[1:] {
		n, err := strconv.Atoi(row[column("packets")])
		if err != nil {
			t.Fatalf("%s: %v", row[0], err)
		}
		all = append(all, sharedCapture{row[column("id")], filepath.Join(sharedCaptures, row[column("file")]), n})
	}
	return all
}

// addShared adds the first 64 KiB of the shared captures that begin as wanted
// to the seeds of a fuzz target.
func addShared(f *testing.F, wanted func(head []byte) bool) {
	for _, c := range sharedCatalog(f) {
		content, err := os.ReadFile(c.path)
		if err != nil {
			f.Fatal(err)
		}
		if wanted(content) {
			f.Add(content[:min(len(content), 64<<10)])
		}
	}
}

// TestSharedCaptures reads every shared capture and compares the number of
// frames with the catalog's.
func TestSharedCaptures(t *testing.T) {
	catalog := sharedCatalog(t)
	if catalog == nil {
		t.Skip("../shared/pcaps is not there")
	}
	// Formats that are not read, by id.
	unsupportedFormat := map[string]string{
		"c0003": "NAI Sniffer", "c0037": "NAI Sniffer", "c0036": "Microsoft NetMon", "c0004": "snoop",
	}
	// Files cut in their last packet, by id.
	truncated := map[string]bool{"c0141": true, "c0605": true}
	for _, c := range catalog {
		t.Run(c.id, func(t *testing.T) {
			s, err := Open([]string{c.path}, Options{})
			if want, ok := unsupportedFormat[c.id]; ok {
				var u *UnsupportedError
				if !errors.As(err, &u) || !strings.Contains(u.Format, want) {
					t.Errorf("error %v, want that %s is not supported", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			frames, err := drain(t, s)
			if err != nil {
				t.Fatal(err)
			}
			info := s.Info()[0]
			if len(frames) != c.packets || info.Truncated != truncated[c.id] || info.Position != info.Size {
				t.Errorf("%d frames, want %d; info %+v", len(frames), c.packets, info)
			}
		})
	}
}
