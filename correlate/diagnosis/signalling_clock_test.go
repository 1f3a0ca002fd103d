package diagnosis

import (
	"encoding/base64"
	"fmt"
	"time"

	"sipsniff/internal/scene"
)

func clockScenarios() []scenario {
	date := func(off time.Duration) string {
		at := time.Unix(0, scene.Epoch).Add(off).UTC().Format("Mon,_02_Jan_2006_15:04:05_GMT")
		return "0.0 A>B REGISTER 1\n0.1 B>A 200 REGISTER 1 +Date:" + at
	}
	token := func(age int64) string {
		claims := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"attest":"A","iat":%d}`, scene.Epoch/1e9-age))
		return "0.0 A>B INVITE 1 sdp +Identity:eyJhbGciOiJFUzI1NiJ9." + claims + ".c2ln;info=<https://example.org/cert>\n0.1 B>A 200 INVITE 1 sdp"
	}
	return []scenario{
		{rule: "SIG-39", name: "an hour behind", severity: "warning", confidence: "proven", frames: []int{2}, says: []string{"192.0.2.66 is 1:00 h behind"}, script: date(-time.Hour)},
		{rule: "SIG-39", name: "ahead", says: []string{"ahead of"}, script: date(10 * time.Minute)},
		{rule: "SIG-39", name: "old token", says: []string{"1:40 min before"}, script: token(100)},
		{rule: "SIG-39", name: "four minutes", silent: true, script: date(-4 * time.Minute)},
		{rule: "SIG-39", name: "fresh token", silent: true, script: token(10)},
	}
}
