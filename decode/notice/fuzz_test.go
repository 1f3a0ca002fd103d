package notice

import (
	"strings"
	"testing"
)

var kinds = []string{
	"application/pidf+xml", "application/dialog-info+xml", "application/simple-message-summary", "application/reginfo+xml",
	"application/conference-info+xml", "message/sipfrag", "text/plain",
}

// FuzzRead checks that no body brings a reader down, that the bounds hold,
// and that what follows upon itself says the same.
func FuzzRead(f *testing.F) {
	for i, body := range []string{pidf, dialogInfo, summary, reginfo, conference, "SIP/2.0 200 OK\r\n", "text"} {
		f.Add(uint8(i), body)
	}
	f.Add(uint8(1), `<dialog-info state="partial"><dialog id="1"><state>early</state></dialog></dialog-info>`)
	f.Fuzz(func(t *testing.T, kind uint8, body string) {
		c := Read(kinds[int(kind)%len(kinds)], body)
		words := c.Words()
		if len(words) > 16*len(body)+4096 {
			t.Fatalf("%d octets make %d of words", len(body), len(words))
		}
		if p := c.Presence; p != nil && (len(p.Tuples) > maxTuples || len(p.Notes) > maxTuples || len(p.Activities) > maxTuples) {
			t.Fatal("too many tuples")
		}
		again := c.After(c)
		if again.Dialogs != nil && (len(again.Dialogs.Dialogs) > maxDialogs) || again.Conference != nil && len(again.Conference.Users) > maxUsers {
			t.Fatal("more than the bound after merging")
		}
		if c.Dialogs == nil && c.Conference == nil && again.Words() != words {
			t.Fatalf("%q becomes %q", words, again.Words())
		}
	})
}

// FuzzTree checks the bounds of the tree.
func FuzzTree(f *testing.F) {
	f.Add(pidf)
	f.Add(`<a b="1"><c/>text<d>&amp;</d></a>`)
	f.Add("<a>" + strings.Repeat("<b>", 40))
	f.Fuzz(func(t *testing.T, text string) {
		root, _ := parseTree(text)
		if n, deepest := count(root, 1); n > maxElements || deepest > maxDepth {
			t.Fatalf("%d elements, %d levels", n, deepest)
		}
	})
}

func count(e *element, depth int) (elements, deepest int) {
	if e == nil {
		return 0, 0
	}
	elements, deepest = 1, depth
	for _, c := range e.children {
		n, d := count(c, depth+1)
		elements, deepest = elements+n, max(deepest, d)
	}
	return elements, deepest
}

// FuzzDelivery checks the wrapper and the report in it.
func FuzzDelivery(f *testing.F) {
	f.Add(cpim)
	f.Add(`<imdn><message-id>1</message-id><delivery-notification><status><delivered/></status></delivery-notification></imdn>`)
	f.Fuzz(func(t *testing.T, text string) {
		if c, ok := ParseCPIM(text); ok && !strings.HasSuffix(text, c.Content) {
			t.Fatal("the content is not the end of the text")
		}
		if r, _ := ParseDeliveryReport(text); r != nil && r.Kind == "" && r.Status != "" {
			t.Fatal("a status of nothing")
		}
	})
}
