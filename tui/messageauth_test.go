package tui

import "testing"

// Of credentials the realm, the user and the count stand out; what only a machine
// reads is dim.
func TestCredentialRoles(t *testing.T) {
	r := ownCapture(t, "call-auth", 160, 40)
	w := &textWriter{u: r.UI, key: textKey{width: 150, syntax: true}}
	line := w.value("Authorization", ` Digest username="ann, b", realm="example.com", nonce="n", uri="sip:bob@example.com",response="82e", nc=00000001`)
	roles := map[string]role{}
	for _, s := range line {
		roles[s.text] = s.role
	}
	for text, want := range map[string]role{`"ann, b"`: roleUser, `"example.com"`: roleStrong, `"82e"`: roleDim, "00000001": roleNumber} {
		if got, there := roles[text]; !there || got != want {
			t.Errorf("%s has role %d, want %d: %v", text, got, want, line)
		}
	}
	if got := line.String(); got != ` Digest username="ann, b", realm="example.com", nonce="n", uri="sip:bob@example.com",response="82e", nc=00000001` {
		t.Errorf("the value reads %q", got)
	}
	for _, odd := range []string{"", " Digest", " Digest realm", ` Digest realm="open, nc=1`, " Digest =, ,=", ` Digest realm="a\"b", nc=1`} {
		if got := w.value("WWW-Authenticate", odd).String(); got != odd {
			t.Errorf("%q reads %q", odd, got)
		}
	}
}
