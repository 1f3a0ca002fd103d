package sip

// knownOptionTags are the SIP extensions with an option tag in the IANA registry,
// and the ones of RFC drafts that are in wide use.
var knownOptionTags = [...]string{
	"100rel", "199", "answermode", "early-session", "eventlist", "explicitsub", "from-change", "geolocation-http",
	"geolocation-sip", "gin", "gruu", "histinfo", "ice", "join", "multiple-refer", "norefersub", "nosub", "outbound",
	"path", "policy", "precondition", "pref", "privacy", "record-aware", "recipient-list-invite",
	"recipient-list-message", "recipient-list-subscribe", "replaces", "resource-priority", "sdp-anat", "sec-agree",
	"siprec", "tdialog", "timer", "trickle-ice", "uui",
	"com.nortelnetworks.firewall", "ms-early-media", "ms-forking", "ms-sender", "ms-delayed-accept",
	"ms-conf-invite", "ms-benotify",
}

// KnownOptionTag reports whether a tag of Require, Proxy-Require or Supported
// names a known extension.
func KnownOptionTag(tag string) bool {
	for _, known := range knownOptionTags {
		if equalFold(known, tag) {
			return true
		}
	}
	return false
}

// optionTags remarks on extensions that nobody knows: the request will be
// answered with 420.
func (m *Message) optionTags(h *Header) {
	for e := newElements(h.Value); ; {
		tag, ok := e.next()
		if !ok {
			return
		}
		if tag != "" && !KnownOptionTag(tag) {
			m.flag(ruleOptionTag, h.Offset)
		}
	}
}
