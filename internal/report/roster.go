package report

import (
	"encoding/json"
	"errors"
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
)

// rosterJSON is what is not a call. Its lists stand at the top of the document.
type rosterJSON struct {
	Registrations []registration `json:"registrations"`
	Trunks        []trunk        `json:"trunks"`
	Subscriptions []subscription `json:"subscriptions"`
	Publications  []publication  `json:"publications"`
	Conversations []conversation `json:"conversations"`
}

type omitted struct {
	Registrations int `json:"registrations"`
	Trunks        int `json:"trunks"`
	Subscriptions int `json:"subscriptions"`
	Publications  int `json:"publications"`
	Conversations int `json:"conversations"`
}

type registration struct {
	Type             string         `json:"type,omitempty"` // "registration", in jsonl only
	AOR              string         `json:"aor"`
	Display          string         `json:"display,omitempty"`
	State            roster.State   `json:"state"`
	Source           string         `json:"source"`
	Registrar        string         `json:"registrar"`
	ForwardedTo      string         `json:"forwarded_to,omitempty"`
	Domain           string         `json:"domain,omitempty"`
	Transport        string         `json:"transport"`
	UserAgent        string         `json:"user_agent,omitempty"`
	Server           string         `json:"server,omitempty"`
	CallIDs          []string       `json:"call_ids"`
	Contacts         []contact      `json:"contacts"`
	ContactsOmitted  int            `json:"contacts_omitted,omitempty"`
	Path             []string       `json:"path,omitempty"`
	Registered       string         `json:"registered,omitempty"` // the latest 2xx
	Expires          *int64         `json:"expires_s,omitempty"`
	ExpiresAt        string         `json:"expires_at,omitempty"`
	RefreshFrom      string         `json:"refresh_from,omitempty"`
	RefreshBy        string         `json:"refresh_by,omitempty"`
	Delay            *float64       `json:"registration_delay_ms,omitempty"`
	DelayMean        *float64       `json:"registration_delay_mean_ms,omitempty"`
	DelayMax         *float64       `json:"registration_delay_max_ms,omitempty"`
	Attempts         int            `json:"attempts"`
	Succeeded        int            `json:"succeeded"`
	Failed           int            `json:"failed"`
	NoReplies        int            `json:"no_replies"`
	Challenges       int            `json:"challenges"`
	StaleNonces      int            `json:"stale_nonces"`
	OldNonces        int            `json:"old_nonces"`
	Refused          int            `json:"credentials_refused"`
	Retransmissions  int            `json:"retransmissions"`
	FailureStreak    int            `json:"failure_streak"`
	LongestStreak    int            `json:"longest_failure_streak"`
	Refreshes        int            `json:"refreshes"`
	LateRefreshes    int            `json:"late_refreshes"`
	FinalStatus      int            `json:"final_status,omitempty"`
	FinalReason      string         `json:"final_reason,omitempty"`
	MinExpires       *int64         `json:"min_expires_s,omitempty"`
	Cleared          int            `json:"cleared,omitempty"`
	ClearedElsewhere bool           `json:"cleared_elsewhere,omitempty"`
	Auth             *authenticated `json:"auth,omitempty"`
	NAT              *nat           `json:"nat,omitempty"`
	Recent           []registering  `json:"recent_attempts"`
	Earlier          int            `json:"earlier_attempts,omitempty"`
	Changes          []change       `json:"changes"`
	EarlierChanges   int            `json:"earlier_changes,omitempty"`
	Partial          bool           `json:"partial,omitempty"`
	Frames           []int          `json:"frames"`
}

type contact struct {
	URI      string `json:"uri"`
	Expires  int64  `json:"expires_s"`
	Until    string `json:"until"`
	Own      bool   `json:"own"`
	Listed   bool   `json:"listed"`
	Instance string `json:"instance,omitempty"`
	RegID    string `json:"reg_id,omitempty"`
	Q        string `json:"q,omitempty"`
	Received string `json:"received,omitempty"`
}

type authenticated struct {
	Scheme    string `json:"scheme"`
	Algorithm string `json:"algorithm,omitempty"`
	QOP       string `json:"qop,omitempty"`
	Realm     string `json:"realm,omitempty"`
	Username  string `json:"username,omitempty"`
}

type nat struct {
	Evidence []string `json:"evidence"`
	SentBy   string   `json:"sent_by"`
	SeenFrom string   `json:"seen_from"`
}

type registering struct {
	At         string       `json:"at"`
	Ended      string       `json:"ended,omitempty"`
	Frame      int          `json:"frame"`
	State      roster.State `json:"state"`
	Status     int          `json:"status,omitempty"`
	Reason     string       `json:"reason,omitempty"`
	Delay      *float64     `json:"delay_ms,omitempty"`
	Challenges int          `json:"challenges"`
}

type change struct {
	At     string       `json:"at"`
	Frame  int          `json:"frame,omitempty"`
	State  roster.State `json:"state"`
	Status int          `json:"status,omitempty"`
	Detail string       `json:"detail,omitempty"`
}

type trunk struct {
	Type            string         `json:"type,omitempty"` // "trunk", in jsonl only
	Source          string         `json:"source"`
	Destination     string         `json:"destination"`
	Transport       string         `json:"transport"`
	State           roster.State   `json:"state"`
	Since           string         `json:"since,omitempty"`
	Sent            int            `json:"sent"`
	Answered        int            `json:"answered"`
	Lost            int            `json:"lost"`
	Open            int            `json:"open"`
	Retransmissions int            `json:"retransmissions"`
	Responses       map[string]int `json:"responses"`
	Response        *spread        `json:"response_ms,omitempty"`
	UserAgent       string         `json:"user_agent,omitempty"`
	Server          string         `json:"server,omitempty"`
	First           string         `json:"first"`
	LastSent        string         `json:"last_sent"`
	LastAnswer      string         `json:"last_answer,omitempty"`
	Changes         []change       `json:"changes"`
	EarlierChanges  int            `json:"earlier_changes,omitempty"`
	Frames          []int          `json:"frames"`
}

type spread struct {
	Min  float64 `json:"min"`
	Mean float64 `json:"mean"`
	P95  float64 `json:"p95"`
	Max  float64 `json:"max"`
}

func newRoster(s *correlate.Snapshot, showBodies bool) (lists rosterJSON, more *omitted) {
	r := roster.Of(s)
	lists = rosterJSON{
		Registrations: convert(r.Registrations, newRegistration), Trunks: convert(r.Trunks, newTrunk),
		Subscriptions: convert(r.Subscriptions, newSubscription), Publications: convert(r.Publications, newPublication),
		Conversations: convert(r.Conversations, func(v *roster.Conversation) conversation { return newConversation(v, showBodies) }),
	}
	if o := omitted(r.Omitted); o != (omitted{}) {
		more = &o
	}
	return lists, more
}

// write writes the lists as members of the document.
func (r *rosterJSON) write(o *documentWriter) {
	writeList(o, "registrations", len(r.Registrations), entriesOf(r.Registrations))
	writeList(o, "trunks", len(r.Trunks), entriesOf(r.Trunks))
	writeList(o, "subscriptions", len(r.Subscriptions), entriesOf(r.Subscriptions))
	writeList(o, "publications", len(r.Publications), entriesOf(r.Publications))
	writeList(o, "conversations", len(r.Conversations), entriesOf(r.Conversations))
}

func entriesOf[T any](list []T) func(i int) *T { return func(i int) *T { return &list[i] } }

// lines writes the lists for JSONL.
func (r *rosterJSON) lines(enc *json.Encoder) error {
	for i := range r.Registrations {
		r.Registrations[i].Type = "registration"
	}
	for i := range r.Trunks {
		r.Trunks[i].Type = "trunk"
	}
	for i := range r.Subscriptions {
		r.Subscriptions[i].Type = "subscription"
	}
	for i := range r.Publications {
		r.Publications[i].Type = "publication"
	}
	for i := range r.Conversations {
		r.Conversations[i].Type = "conversation"
	}
	return errors.Join(encodeAll(enc, r.Registrations), encodeAll(enc, r.Trunks), encodeAll(enc, r.Subscriptions),
		encodeAll(enc, r.Publications), encodeAll(enc, r.Conversations))
}

func encodeAll[T any](enc *json.Encoder, list []T) error {
	for i := range list {
		if err := enc.Encode(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// convert makes a list that is never null.
func convert[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i := range list {
		out[i] = f(list[i])
	}
	return out
}

func newRegistration(r *roster.Registration) registration {
	out := registration{
		AOR: r.AOR, Display: r.Display, State: r.State, Source: addr(r.Source), Registrar: addr(r.Registrar), ForwardedTo: addr(r.Further),
		Domain: r.Domain, Transport: r.Transport.String(), UserAgent: r.UserAgent, Server: r.Server, CallIDs: callIDs(r.Calls),
		Contacts: convert(r.Contacts, newContact), ContactsOmitted: r.MoreContacts, Path: r.Path,
		Registered: stamp(r.Since), Expires: ifKnown(r.Expires), ExpiresAt: stamp(r.ExpiresAt), RefreshFrom: stamp(r.RefreshFrom), RefreshBy: stamp(r.RefreshBy),
		Delay: millis(r.Delay), DelayMean: millis(r.DelayMean), Attempts: r.Attempts, Succeeded: r.Succeeded, Failed: r.Failed, NoReplies: r.NoReplies,
		Challenges: r.Challenges, StaleNonces: r.StaleNonces, OldNonces: r.OldNonces, Refused: r.Refused, Retransmissions: r.Retransmissions,
		FailureStreak: r.FailureStreak, LongestStreak: r.LongestStreak, Refreshes: r.Refreshes, LateRefreshes: r.LateRefreshes,
		FinalStatus: r.Status, FinalReason: r.Reason, MinExpires: ifKnown(r.MinExpires), Cleared: r.Cleared, ClearedElsewhere: r.ClearedElsewhere,
		Recent: convert(r.Recent, newRegistering), Earlier: r.Earlier, Changes: convert(r.Changes, newChange), EarlierChanges: r.Before,
		Partial: r.Partial, Frames: list(r.Frames),
	}
	if r.DelayMean >= 0 {
		out.DelayMax = millis(r.DelayMax)
	}
	if r.Auth.Scheme != "" {
		auth := authenticated(r.Auth)
		out.Auth = &auth
	}
	if len(r.NAT.Evidence) > 0 {
		out.NAT = &nat{Evidence: r.NAT.Evidence, SentBy: r.NAT.SentBy, SeenFrom: place(r.NAT.SeenFrom)}
	}
	return out
}

// place is addr without a port that is not known.
func place(a netip.AddrPort) string {
	if a.IsValid() && a.Port() == 0 {
		return a.Addr().Unmap().String()
	}
	return addr(a)
}

func callIDs(calls []*correlate.Call) []string {
	return convert(calls, func(c *correlate.Call) string { return c.CallID })
}

// ifKnown is a number of which -1 says that it is not known.
func ifKnown(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

// list is never null.
func list(frames []int) []int {
	if frames == nil {
		return []int{}
	}
	return frames
}

func newContact(c roster.Contact) contact {
	return contact{URI: c.URI, Expires: c.Expires, Until: stamp(c.Until), Own: c.Own, Listed: c.Listed,
		Instance: c.Instance, RegID: c.RegID, Q: c.Q, Received: c.Received}
}

func newRegistering(a roster.Attempt) registering {
	return registering{At: stamp(a.At), Ended: stamp(a.Ended), Frame: a.Frame, State: a.State, Status: a.Status, Reason: a.Reason, Delay: millis(a.Delay), Challenges: a.Challenges}
}

func newChange(c roster.Change) change {
	return change{At: stamp(c.At), Frame: c.Frame, State: c.State, Status: c.Status, Detail: c.Detail}
}

func newTrunk(t *roster.Trunk) trunk {
	out := trunk{
		Source: addr(t.Source), Destination: addr(t.Destination), Transport: t.Transport.String(), State: t.State, Since: stamp(t.Since),
		Sent: t.Sent, Answered: t.Answered, Lost: t.Lost, Open: t.Open, Retransmissions: t.Retransmissions, Responses: statuses(t.Responses),
		UserAgent: t.UserAgent, Server: t.Server, First: stamp(t.First), LastSent: stamp(t.LastSent), LastAnswer: stamp(t.LastAnswer),
		Changes: convert(t.Changes, newChange), EarlierChanges: t.Before, Frames: list(t.Frames),
	}
	if t.DelayMean >= 0 {
		out.Response = &spread{Min: inMillis(t.DelayMin), Mean: inMillis(t.DelayMean), P95: inMillis(t.DelayP95), Max: inMillis(t.DelayMax)}
	}
	return out
}

func inMillis(nanos int64) float64 { return round(float64(nanos) / 1e6) }

func statuses(counts []roster.StatusCount) map[string]int {
	out := make(map[string]int, len(counts))
	for _, c := range counts {
		name := "other"
		if c.Status != 0 {
			name = statusName(c.Status)
		}
		out[name] += c.Count
	}
	return out
}
