package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// withProgram runs tests and then takes away the program that was built for them.
type withProgram struct{ *testing.M }

func (m withProgram) Run() int {
	defer built.remove()
	return m.M.Run()
}

// built is the program, for all tests of the package.
var built builder

type builder struct {
	once sync.Once
	dir  string
	err  error
}

// build gives the program as a user gets it. Linking it takes seconds, so that only
// the first test that wants it builds it; nobody may change it.
func build(t *testing.T) string {
	t.Helper()
	built.once.Do(built.build)
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, "sipsniff")
}

func (b *builder) build() {
	if b.dir, b.err = os.MkdirTemp("", "sipsniff-test"); b.err != nil {
		return
	}
	if out, err := exec.Command("go", "build", "-o", filepath.Join(b.dir, "sipsniff"), ".").CombinedOutput(); err != nil {
		b.err = fmt.Errorf("go build: %w\n%s", err, out)
	}
}

func (b *builder) remove() {
	if b.dir != "" {
		_ = os.RemoveAll(b.dir)
	}
}
