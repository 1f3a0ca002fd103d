package gen

import (
	"crypto/md5" //nolint:gosec // what RFC 2617 asks for
	"encoding/hex"
	"fmt"
)

const (
	domain   = "example.com"
	password = "not a secret"
	cnonce   = "0a4f113b"
)

// credentials adds the challenge of a 401 or 407, or the answer to it.
func (x *exchange) credentials(b []byte, s step) []byte {
	switch s.status {
	case 401:
		return fmt.Appendf(b, "WWW-Authenticate: Digest realm=\"%s\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n", domain, x.token)
	case 407:
		return fmt.Appendf(b, "Proxy-Authenticate: Digest realm=\"%s\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n", domain, x.token)
	}
	if !s.auth || s.status != 0 {
		return b
	}
	name, uri := "Proxy-Authorization", x.to.uri
	if s.method == "REGISTER" {
		name, uri = "Authorization", "sip:"+domain
	}
	return fmt.Appendf(b, "%s: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"%s\"\r\n",
		name, x.from.user, domain, x.token, uri, digestResponse(x.from.user, domain, password, s.method, uri, x.token, cnonce), cnonce)
}

// digestResponse computes the answer to a challenge with qop=auth (RFC 2617 §3.2.2.1).
func digestResponse(user, realm, secret, method, uri, nonce, cnonce string) string {
	a1 := hexMD5(user + ":" + realm + ":" + secret)
	a2 := hexMD5(method + ":" + uri)
	return hexMD5(a1 + ":" + nonce + ":00000001:" + cnonce + ":auth:" + a2)
}

func hexMD5(s string) string {
	h := md5.Sum([]byte(s)) //nolint:gosec // what RFC 2617 asks for
	return hex.EncodeToString(h[:])
}
