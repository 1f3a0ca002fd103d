package tui

import (
	"context"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
)

// What is pasted where nothing is typed runs no keys, and where something is
// typed it is text to its end.
func TestPaste(t *testing.T) {
	const hostile = "q\x1b]0;owned\a\nq[red]\u202e a\tb\r\n:quit\n"
	const typed = "q]0;owned q[red] a b  :quit "
	r := newRig(t, rigOptions{w: 120, h: 40, snap: rows(10), status: fileStatus(), save: emptySaver()})
	nowhere := func(where string) {
		t.Helper()
		before, dialog := r.top(), r.dialog
		r.paste(hostile)
		if r.top() != before || r.dialog != dialog || r.prompt != nil || r.ended != nil {
			t.Errorf("%s: what was pasted did something:\n%s", where, r.text())
		}
		r.has("nothing was pasted")
	}
	nowhere("list")
	r.press("Enter")
	nowhere("ladder")
	r.press("Esc", "F10")
	nowhere("columns")
	r.press("Esc", "Esc")
	nowhere("question")
	r.press("Esc", "F2", "Home")
	nowhere("save")
	r.press("Esc")

	r.press("/").paste(hostile)
	if got := string(r.calls.filter.text); got != typed {
		t.Errorf("the filter is %q", got)
	}
	r.press("^U", "Esc", ":").paste(hostile)
	if p, ok := r.dialog.(*palette); !ok || string(p.text) != typed {
		t.Errorf("the command line is %+v", r.dialog)
	}
	r.press("Esc", "Enter", "/").paste(hostile)
	if r.prompt == nil || string(r.prompt.text) != typed {
		t.Errorf("the prompt is %+v", r.prompt)
	}
	r.press("Esc", "Esc", "F1").paste("copy")
	r.has("copy the row / Call-ID")
	r.press("Esc", "Esc", "F7").paste("Ann\n")
	if g, ok := r.dialog.(*filterForm); !ok || g.texts[formFrom] != "Ann " {
		t.Errorf("the form is %+v", r.dialog)
	}
	r.press("Esc", "/").paste(strings.Repeat("x", 100_000))
	if n := len(r.calls.filter.text); n > maxPrompt {
		t.Errorf("%d characters were pasted", n)
	}
}

// The terminal is asked to say what is pasted, and what it says is taken.
func TestRunTakesWhatIsPasted(t *testing.T) {
	w := newWatched(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := start(ctx, w, fixed(rows(3)))
	w.wait(t, "[1 Dialogs 3]")
	paste := func(text string) {
		_ = w.PostEvent(tcell.NewEventPaste(true))
		for _, c := range text {
			_ = w.PostEvent(tcell.NewEventKey(tcell.KeyRune, c, 0))
		}
		_ = w.PostEvent(tcell.NewEventKey(tcell.KeyEnter, 0, 0))
		_ = w.PostEvent(tcell.NewEventPaste(false))
	}
	paste("q")
	w.wait(t, "nothing was pasted")
	w.InjectKey(tcell.KeyRune, '/', 0)
	paste("sales")
	w.wait(t, "/ sales")
	cancel()
	result(t, done)
}
