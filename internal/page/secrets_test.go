package page

import (
	"strings"
	"testing"

	"sipsniff/correlate"
)

func TestPageHidesSecrets(t *testing.T) {
	for _, tt := range []struct {
		name, raw  string
		secret     string
		kept       string
		in         Input
		o          Options
		secretKept bool
	}{
		{
			name:   "digest",
			raw:    "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"7001\", response = \"a5b2c3\", nc=00000001\r\n\r\n",
			secret: "a5b2c3", kept: `username="7001", response = [hidden], nc=00000001`,
		},
		{
			name:   "digest, folded",
			raw:    "REGISTER sip:h SIP/2.0\r\nproxy-authorization: Digest username=\"7001\",\r\n\tresponse=\"a5b2c3\"\r\nVia: x\r\n\r\n",
			secret: "a5b2c3", kept: "Via: x",
		},
		{
			name:   "digest of one who is called response",
			raw:    "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest username=\"response\", response=\"a5,b2\"\r\n\r\n",
			secret: "b2", kept: `username="response", response=[hidden]`,
		},
		{
			name:   "basic",
			raw:    "REGISTER sip:h SIP/2.0\r\nAuthorization: Basic YTpi\r\n\r\n",
			secret: "YTpi", kept: "Authorization: Basic [hidden]",
		},
		{
			name:   "bearer over two lines",
			raw:    "REGISTER sip:h SIP/2.0\r\nAuthorization: Bearer\r\n eyJhbGci\r\n\r\n",
			secret: "eyJhbGci", kept: "Authorization: Bearer [hidden]",
		},
		{
			name:   "SDES",
			raw:    "INVITE sip:h SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19z|2^20\r\nm=audio 4 RTP/SAVP 0\r\n",
			secret: "WVNfX19z", kept: "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[hidden]\nm=audio 4",
		},
		{
			name:   "k=",
			raw:    "SIP/2.0 200 OK\r\nc: application/sdp\r\n\r\nv=0\nk=clear:secret\nm=audio 4 RTP/AVP 0\n",
			secret: "secret", kept: "m=audio 4",
		},
		{
			name:   "key in an INFO",
			raw:    "INFO sip:h SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n",
			secret: "Signal", kept: "24 octets of body left out: --show-dtmf",
		},
		{
			name:   "key in an INFO, asked for",
			raw:    "INFO sip:h SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=5\r\n",
			secret: "Signal=5", kept: "INFO sip:h", o: Options{ShowKeys: true}, secretKept: true,
		},
		{
			name:   "message",
			raw:    "MESSAGE sip:h SIP/2.0\r\nContent-Type: text/plain\r\n\r\nlunch?",
			secret: "lunch", kept: "6 octets of body left out: --show-bodies",
		},
		{
			name:   "message, asked for",
			raw:    "MESSAGE sip:h SIP/2.0\r\nContent-Type: text/plain\r\n\r\nlunch?",
			secret: "lunch", kept: "MESSAGE", in: Input{ShowBodies: true}, secretKept: true,
		},
		{
			name:   "SMS over IP",
			raw:    "SIP/2.0 202 Accepted\r\nContent-Type: application/vnd.3gpp.sms\r\n\r\n\x00\x01secret",
			secret: "secret", kept: "8 octets of body left out",
		},
		{
			name:   "no end of the header",
			raw:    "REGISTER sip:h SIP/2.0\r\nAuthorization: Digest response=a5b2c3",
			secret: "a5b2c3", kept: "response=[hidden]",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &page{in: &tt.in, o: &tt.o}
			got := p.text(&correlate.Message{Raw: tt.raw})
			if strings.Contains(got, tt.secret) != tt.secretKept || !strings.Contains(got, tt.kept) {
				t.Errorf("%q", got)
			}
		})
	}
}
