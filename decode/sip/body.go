package sip

import "strings"

// sdpType is the media type of session descriptions (RFC 8866 §8.1).
const sdpType = "application/sdp"

// mediaType returns the type and subtype of a Content-Type or Accept value.
func mediaType(value string) string {
	if i := strings.IndexByte(value, ';'); i >= 0 {
		value = value[:i]
	}
	return trimRight(value)
}

// knownContentTypes are the bodies of spec §2.5.
var knownContentTypes = [...]string{
	sdpType, "application/isup", "application/qsig", "application/dtmf-relay", "application/dtmf",
	"application/simple-message-summary", "application/pidf+xml", "application/dialog-info+xml",
	"application/reginfo+xml", "application/conference-info+xml", "application/vq-rtcpxr", "message/sipfrag",
	"message/sip", "application/vnd.3gpp.sms", "application/vnd.3gpp.ims+xml", "text/plain", "text/html",
	"message/cpim", "application/rs-metadata+xml", "application/rs-metadata", "application/media_control+xml",
	"application/resource-lists+xml", "application/pkcs7-mime", "application/pkcs7-signature",
	"application/trickle-ice-sdpfrag",
}

func knownContentType(t string) bool {
	if len(t) > len("multipart/") && equalFold(t[:len("multipart/")], "multipart/") {
		return true
	}
	for _, known := range knownContentTypes {
		if equalFold(known, t) {
			return true
		}
	}
	return false
}

// SDP returns the session description that the message carries, wherever in a
// multipart body it stands. A body that does not say what it is counts when it
// begins like SDP. A description for an early session (RFC 3959) and an encoded
// one are left alone. Of a message that was cut only complete lines are given.
func (m *Message) SDP() (string, bool) {
	body := m.Body
	if m.cut && len(body) != m.ContentLength {
		body = body[:strings.LastIndexByte(body, '\n')+1]
	}
	if body == "" {
		return "", false
	}
	if _, typed := m.Get(HeaderContentType); !typed {
		return body, strings.HasPrefix(body, "v=0")
	}
	if encoding, ok := m.Get(HeaderContentEncoding); ok && !equalFold(encoding, "identity") {
		return "", false
	}
	if equalFold(m.ContentType, sdpType) {
		return body, true
	}
	value, _ := m.Get(HeaderContentType)
	return findSDP(value, body, 1)
}
