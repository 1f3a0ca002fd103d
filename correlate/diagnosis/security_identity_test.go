package diagnosis

import (
	"encoding/base64"
	"fmt"
	"testing"

	"sipsniff/internal/scene"
)

// passport is an Identity header whose token was made some seconds before the
// script begins.
func passport(attest string, before int64) string {
	part := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"attest":%q,"dest":{"tn":["49301234"]},"iat":%d,"orig":{"tn":"49305678"},"origid":"1"}`, attest, scene.Epoch/1e9-before)
	return "+Identity:" + part([]byte(`{"alg":"ES256"}`)) + "." + part([]byte(claims)) + ".c2ln;info=<https://x/y.cer>"
}

func callerScenarios() []scenario {
	invite := func(options string) string {
		return "0 A>B INVITE 1 sdp caller=+4930123456 " + options + "\n0.1 B>A 180 INVITE 1\n"
	}
	return []scenario{
		{rule: "SEC-10", name: "another number is asserted", severity: "info", confidence: "proven", count: 1, says: []string{"+4930123456", "+4989555555"}, script: invite("+P-Asserted-Identity:<sip:+4989555555@x.org>")},
		{rule: "SEC-10", name: "the same number in another form", silent: true, script: invite("+P-Asserted-Identity:<sip:030123456@x.org>")},
		{rule: "SEC-10", name: "nothing is asserted", silent: true, script: invite("")},
		{rule: "SEC-10", name: "attestation C", count: 1, says: []string{"attestation C"}, script: invite(passport("C", 0))},
		{rule: "SEC-10", name: "attestation A", silent: true, script: invite(passport("A", 5))},
		{rule: "SEC-10", name: "an old attestation", count: 1, says: []string{"signed 5:00 min before"}, script: invite(passport("A", 300))},
		{rule: "SEC-10", name: "what is no token", silent: true, script: invite("+Identity:x.y.z")},
	}
}

func TestIdentityRequired(t *testing.T) {
	var o Options
	if err := o.Set("SEC-10.required", "1"); err != nil {
		t.Fatal(err)
	}
	if found := of(New(o), scene.Play(t, "0 A>B INVITE 1 sdp\n"), "SEC-10"); len(found) != 1 {
		t.Errorf("%d findings", len(found))
	}
}
