package report

import "sipsniff/correlate/roster"

type conversation struct {
	Type         string         `json:"type,omitempty"` // "conversation", in jsonl only
	CallIDs      []string       `json:"call_ids"`
	A            string         `json:"a"` // who wrote first
	B            string         `json:"b"`
	Source       string         `json:"source"`
	Destination  string         `json:"destination"`
	Transport    string         `json:"transport"`
	Started      string         `json:"started"`
	Last         string         `json:"last"`
	AToB         direction      `json:"a_to_b"`
	BToA         direction      `json:"b_to_a"`
	Challenges   int            `json:"challenges"`
	ContentTypes map[string]int `json:"content_types"`
	Messages     []textMessage  `json:"messages"`
	Earlier      int            `json:"earlier_messages,omitempty"`
	Frames       []int          `json:"frames"`
}

type direction struct {
	Messages   int            `json:"messages"`
	Delivered  int            `json:"delivered"`
	Relayed    int            `json:"relayed"`
	Failed     int            `json:"failed"`
	Unanswered int            `json:"unanswered"`
	Open       int            `json:"open"`
	Octets     int            `json:"octets"`
	Reports    int            `json:"delivery_reports"`
	Typing     int            `json:"typing"`
	Failures   map[string]int `json:"failures"`
}

type textMessage struct {
	At          string          `json:"at"`
	Frame       int             `json:"frame"`
	From        string          `json:"from"` // "a" or "b"
	Status      int             `json:"status,omitempty"`
	ContentType string          `json:"content_type,omitempty"`
	Octets      int             `json:"octets"`
	MessageID   string          `json:"message_id,omitempty"`
	Wants       string          `json:"reports_wanted,omitempty"`
	Report      *deliveryReport `json:"delivery_report,omitempty"`
	Text        *string         `json:"text,omitempty"` // with --show-bodies
}

type deliveryReport struct {
	MessageID string `json:"message_id"`
	Kind      string `json:"kind"`
	Status    string `json:"status"`
}

func newConversation(v *roster.Conversation, showBodies bool) conversation {
	out := conversation{
		CallIDs: callIDs(v.Calls), A: v.A, B: v.B, Source: addr(v.Source), Destination: addr(v.Destination), Transport: v.Transport.String(),
		Started: stamp(v.Started), Last: stamp(v.Last), AToB: newDirection(&v.AToB), BToA: newDirection(&v.BToA), Challenges: v.Challenges,
		ContentTypes: make(map[string]int, len(v.ContentTypes)), Earlier: v.Earlier, Frames: list(v.Frames),
		Messages: convert(v.Texts, func(t roster.Text) textMessage { return newTextMessage(&t, showBodies) }),
	}
	for _, t := range v.ContentTypes {
		out.ContentTypes[t.Type] = t.Count
	}
	return out
}

func newDirection(d *roster.Direction) direction {
	return direction{Messages: d.Messages, Delivered: d.Delivered, Relayed: d.Relayed, Failed: d.Failed, Unanswered: d.Unanswered, Open: d.Open,
		Octets: d.Octets, Reports: d.Reports, Typing: d.Typing, Failures: statuses(d.Failures)}
}

func newTextMessage(t *roster.Text, showBody bool) textMessage {
	out := textMessage{At: stamp(t.At), Frame: t.Frame, From: "b", Status: t.Status, ContentType: t.ContentType, Octets: t.Octets,
		MessageID: t.MessageID, Wants: t.Wants}
	if t.FromA {
		out.From = "a"
	}
	if t.Report != nil {
		r := deliveryReport(*t.Report)
		out.Report = &r
	}
	if showBody {
		out.Text = &t.Body
	}
	return out
}
