package diagnosis

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipsniff/correlate"
	"sipsniff/internal/allowance"
	"sipsniff/internal/scene"
)

// sharedCaptures are real ones that nobody here made.
const sharedCaptures = "../../../shared/pcaps/files"

// everyCapture lists the captures of the project and the shared ones that are
// not large.
func everyCapture(t *testing.T) []string {
	t.Helper()
	own, err := filepath.Glob("../../pcaps/*.pcap*")
	if err != nil || len(own) == 0 {
		t.Fatalf("no captures: %v", err)
	}
	shared, err := filepath.Glob(filepath.Join(sharedCaptures, "*.pcap*"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Concat(own, shared), func(name string) bool {
		info, err := os.Stat(name)
		return err != nil || info.Size() > 1<<20 || strings.HasSuffix(name, ".golden")
	})
}

// A grower asks one engine about every snapshot of a capture that grows.
type grower struct {
	engine *Engine
	last   *correlate.Snapshot
	result *Result
	steps  int
}

func newGrower() *grower { return &grower{engine: New(Options{})} }

func (g *grower) visit(snap *correlate.Snapshot) {
	g.last, g.result = snap, g.engine.Run(snap)
	g.steps++
}

// different is what one says who sees the capture whole, and the grower does
// not, or the other way round.
func (g *grower) different() string {
	return cmp.Diff(New(Options{}).Run(g.last), g.result, cmpopts.EquateComparable(netip.Addr{}), cmpopts.EquateEmpty())
}

// What is said in the end does not depend on when it was asked before: an
// engine that saw a capture grow says the same as one that sees it whole.
func TestGrowing(t *testing.T) {
	names := everyCapture(t)
	if allowance.RaceDetector || testing.Short() {
		names = names[:min(len(names), 40)]
	}
	total, findings := 0, 0
	for _, name := range names {
		g := newGrower()
		scene.Steps(t, 7, g.visit, name)
		total += g.steps
		for _, list := range g.result.ByCall {
			findings += len(list)
		}
		if diff := g.different(); diff != "" {
			t.Errorf("%s in %d steps (-at once +grown):\n%s", filepath.Base(name), g.steps, diff)
		}
	}
	t.Logf("%d captures, %d snapshots, %d findings", len(names), total, findings)
}

// Likewise where others change long afterwards what is to be said of a call.
func TestGrowingOthers(t *testing.T) {
	for name, script := range map[string]string{
		"the capture turns out to lack all responses": `
			0.0 A>B INVITE 1 sdp
			0.5 A>B INVITE 1 sdp
			1.5 A>B INVITE 1 sdp
			3.5 A>B INVITE 1 sdp
			9.0 A>B OPTIONS 1 id=other
			200 A>B INVITE 1 sdp id=two
			201 A>B ACK 1 id=two
			300 end`,
		"the form of the numbers that work shows later": `
			0.0 A>B INVITE 1 sdp uri=0301234567
			0.1 B>A 404 INVITE 1
			0.2 A>B ACK 1 nack uri=0301234567
			200 A>B INVITE 1 sdp id=two uri=+49301234567
			201 B>A 200 INVITE 1 sdp id=two
			202 A>B ACK 1 id=two uri=+49301234567
			210 A>B BYE 2 id=two
			211 B>A 200 BYE 2 id=two
			300 end`,
	} {
		g := newGrower()
		scene.PlaySteps(t, script, g.visit)
		if diff := g.different(); diff != "" {
			t.Errorf("%s (-at once +grown):\n%s", name, diff)
		}
	}
}
