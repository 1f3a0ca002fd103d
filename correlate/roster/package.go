package roster

import (
	"strings"

	"sipsniff/decode/sip"
)

// packageLabels say what the event packages are for, in the words of people.
var packageLabels = map[string]string{
	"presence":         "presence",
	"dialog":           "busy lamp",
	"message-summary":  "message waiting",
	"reg":              "registrations",
	"refer":            "transfer progress",
	"conference":       "conference",
	"as-feature-event": "feature keys",
	"call-info":        "shared line",
	"line-seize":       "shared line",
	"ua-profile":       "device profile",
	"xcap-diff":        "profile changes",
	"check-sync":       "configuration",
	"resync":           "configuration",
	"reboot":           "configuration",
	"vq-rtcpxr":        "quality reports",
	"kpml":             "key presses",
	"hold":             "hold",
	"talk":             "answer",
}

// label says what an event package is for; "" when that is not known. A
// template such as winfo tells about those who subscribed to the package.
func label(name, template string) string {
	words := packageLabels[strings.ToLower(name)]
	if words != "" && strings.EqualFold(template, "winfo") {
		return "watchers of " + words
	}
	return words
}

// labelOf is the label of the package that a message is about. Lines that
// several phones share use the dialog package with a parameter.
func labelOf(m *sip.Message, e sip.Event) string {
	if strings.EqualFold(e.Package, "dialog") {
		_, params, _ := strings.Cut(text(m, sip.HeaderEvent), ";")
		for _, shared := range [...]string{"sla", "ma"} {
			if _, ok := sip.ParamOf(params, shared); ok {
				return "shared line"
			}
		}
	}
	return label(e.Package, e.Template)
}
