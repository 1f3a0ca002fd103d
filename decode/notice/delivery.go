package notice

import (
	"strings"
)

// A CPIM is a message in a wrapper of its own (RFC 3862): headers, then a
// MIME entity.
type CPIM struct {
	From, To    string // URI
	MessageID   string // of IMDN (RFC 5438 §6.3)
	Disposition string // what reports are asked for, "positive-delivery, display"
	ContentType string // of the content, without parameters
	Content     string
}

// maxCPIMLines bounds the header lines that are read.
const maxCPIMLines = 100

// ParseCPIM reads message/cpim; ok is false when it has no headers.
func ParseCPIM(text string) (c CPIM, ok bool) {
	rest := text
	rest, ok = headerBlock(rest, func(name, value string) {
		switch name {
		case "from":
			c.From = angled(value)
		case "to":
			c.To = angled(value)
		case "imdn.message-id", "message-id":
			c.MessageID = value
		case "imdn.disposition-notification", "disposition-notification":
			c.Disposition = value
		case "content-type": // some put it in the first block and have no second
			c.ContentType = mediaType(value)
		}
	})
	if !ok {
		return CPIM{}, false
	}
	if c.ContentType == "" {
		rest, _ = headerBlock(rest, func(name, value string) {
			if name == "content-type" {
				c.ContentType = mediaType(value)
			}
		})
	}
	c.Content = rest
	return c, true
}

// headerBlock reads "Name: value" lines up to an empty line and returns what
// follows. ok is false when there is no such line at all.
func headerBlock(s string, take func(name, value string)) (rest string, ok bool) {
	for n := 0; n < maxCPIMLines && s != ""; n++ {
		var line string
		line, s, _ = strings.Cut(s, "\n")
		if line = strings.TrimSpace(line); line == "" {
			return s, ok
		}
		if name, value, found := strings.Cut(line, ":"); found {
			ok = true
			take(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value))
		}
	}
	return s, ok
}

// angled is the URI of "Name <URI>".
func angled(value string) string {
	if _, after, ok := strings.Cut(value, "<"); ok {
		uri, _, _ := strings.Cut(after, ">")
		return uri
	}
	return value
}

func mediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value))
}

// A DeliveryReport says what became of a message (IMDN, RFC 5438 §7.2).
type DeliveryReport struct {
	MessageID string // of the message that it reports on
	Kind      string // "delivery", "display", "processing"
	Status    string // "delivered", "failed", "forbidden", "error", "displayed", "processed", "stored"
}

// ParseDeliveryReport reads message/imdn+xml. What was understood comes with
// the error.
func ParseDeliveryReport(text string) (*DeliveryReport, error) {
	root, err := rooted(text, "imdn")
	if root == nil {
		return nil, err
	}
	r := &DeliveryReport{MessageID: root.child("message-id").value()}
	for _, kind := range [...]string{"delivery", "display", "processing"} {
		e := root.child(kind + "-notification")
		if e == nil {
			continue
		}
		r.Kind = kind
		if status := e.child("status"); status != nil && len(status.children) > 0 {
			r.Status = status.children[0].name
		}
		break
	}
	return r, err
}
