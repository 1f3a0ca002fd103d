package report

import (
	"sipsniff/correlate/roster"
	"sipsniff/decode/notice"
)

type subscription struct {
	Type         string       `json:"type,omitempty"` // "subscription", in jsonl only
	CallID       *string      `json:"call_id"`
	Package      string       `json:"package"`
	Label        string       `json:"label,omitempty"`
	EventID      string       `json:"event_id,omitempty"`
	Origin       string       `json:"origin"`
	State        roster.State `json:"state"`
	Reason       string       `json:"reason,omitempty"`
	RetryAfter   *int64       `json:"retry_after_s,omitempty"`
	FinalStatus  int          `json:"final_status,omitempty"`
	FinalReason  string       `json:"final_reason,omitempty"`
	From         string       `json:"subscriber_uri,omitempty"`
	Resource     string       `json:"resource,omitempty"`
	Subscriber   string       `json:"subscriber,omitempty"`
	Notifier     string       `json:"notifier,omitempty"`
	Transport    string       `json:"transport"`
	UserAgent    string       `json:"user_agent,omitempty"`
	Started      string       `json:"started"`
	Ended        string       `json:"ended,omitempty"`
	Expires      *int64       `json:"expires_s,omitempty"`
	ExpiresAt    string       `json:"expires_at,omitempty"`
	MinExpires   *int64       `json:"min_expires_s,omitempty"`
	Refreshes    int          `json:"refreshes"`
	Challenges   int          `json:"challenges"`
	Notified     int          `json:"notifications"`
	Refused      int          `json:"notifications_refused"`
	Unanswered   int          `json:"notifications_unanswered"`
	FirstNotify  *float64     `json:"first_notify_ms,omitempty"`
	Missing      bool         `json:"first_notify_missing,omitempty"`
	Contents     []content    `json:"content"`
	MoreContents int          `json:"content_omitted,omitempty"`
	ContentAt    string       `json:"content_at,omitempty"`
	ContentFrame int          `json:"content_frame,omitempty"`
	Said         []saying     `json:"said"`
	SaidBefore   int          `json:"earlier_said,omitempty"`
	Frames       []int        `json:"frames"`
}

// saying is what one notification said, when that was something new.
type saying struct {
	At    string `json:"at"`
	Frame int    `json:"frame"`
	Words string `json:"words"`
}

type publication struct {
	Type       string       `json:"type,omitempty"` // "publication", in jsonl only
	CallIDs    []string     `json:"call_ids"`
	Resource   string       `json:"resource"`
	Package    string       `json:"package"`
	Label      string       `json:"label,omitempty"`
	Publisher  string       `json:"publisher"`
	Compositor string       `json:"compositor"`
	Transport  string       `json:"transport"`
	UserAgent  string       `json:"user_agent,omitempty"`
	State      roster.State `json:"state"`
	Status     int          `json:"final_status,omitempty"`
	Reason     string       `json:"final_reason,omitempty"`
	Tag        string       `json:"entity_tag,omitempty"`
	Expires    *int64       `json:"expires_s,omitempty"`
	ExpiresAt  string       `json:"expires_at,omitempty"`
	MinExpires *int64       `json:"min_expires_s,omitempty"`
	Started    string       `json:"started"`
	Initial    int          `json:"initial"`
	Changed    int          `json:"changed"`
	Refreshed  int          `json:"refreshed"`
	Removals   int          `json:"removed"`
	StaleTags  int          `json:"stale_tags"`
	Broken     int          `json:"tags_out_of_order"`
	Failed     int          `json:"failed"`
	Content    *content     `json:"content,omitempty"`
	ContentAt  string       `json:"content_at,omitempty"`
	Frames     []int        `json:"frames"`
}

// content is a body in words, and its parts where they are known.
type content struct {
	ContentType   string       `json:"content_type"`
	Of            string       `json:"of,omitempty"`
	Words         string       `json:"words"`
	Problem       string       `json:"problem,omitempty"`
	Presence      *presence    `json:"presence,omitempty"`
	Dialogs       []lampDialog `json:"dialogs,omitempty"`
	Waiting       *waiting     `json:"message_waiting,omitempty"`
	Registrations []regInfo    `json:"registrations,omitempty"`
	Conference    *conference  `json:"conference,omitempty"`
}

type presence struct {
	Entity     string   `json:"entity,omitempty"`
	Basic      string   `json:"basic,omitempty"`
	Activities []string `json:"activities,omitempty"`
	Notes      []string `json:"notes,omitempty"`
	Tuples     []tuple  `json:"tuples"`
}

type tuple struct {
	ID      string `json:"id,omitempty"`
	Basic   string `json:"basic,omitempty"`
	Contact string `json:"contact,omitempty"`
	Note    string `json:"note,omitempty"`
}

type lampDialog struct {
	ID        string `json:"id,omitempty"`
	CallID    string `json:"call_id,omitempty"`
	Direction string `json:"direction,omitempty"`
	State     string `json:"state,omitempty"`
	Event     string `json:"event,omitempty"`
	Local     *side  `json:"local,omitempty"`
	Remote    *side  `json:"remote,omitempty"`
}

type side struct {
	Identity string `json:"identity,omitempty"`
	Display  string `json:"display,omitempty"`
	Target   string `json:"target,omitempty"`
}

type waiting struct {
	Waiting *bool        `json:"waiting"` // null when it does not say
	Account string       `json:"account,omitempty"`
	Counts  []classCount `json:"counts"`
}

type classCount struct {
	Class     string `json:"class"`
	New       int    `json:"new"`
	Old       int    `json:"old"`
	NewUrgent *int   `json:"new_urgent,omitempty"`
	OldUrgent *int   `json:"old_urgent,omitempty"`
}

type regInfo struct {
	AOR      string       `json:"aor"`
	State    string       `json:"state,omitempty"`
	Contacts []regContact `json:"contacts"`
}

type regContact struct {
	URI   string `json:"uri"`
	State string `json:"state,omitempty"`
	Event string `json:"event,omitempty"`
}

type conference struct {
	Entity    string `json:"entity,omitempty"`
	Subject   string `json:"subject,omitempty"`
	UserCount *int   `json:"user_count,omitempty"`
	Users     []user `json:"users"`
}

type user struct {
	Entity  string `json:"entity"`
	Display string `json:"display,omitempty"`
	Status  string `json:"status,omitempty"`
	Role    string `json:"role,omitempty"`
}

func newSubscription(s *roster.Subscription) subscription {
	out := subscription{
		Package: s.Package, Label: s.Label, EventID: s.ID, Origin: s.Origin, State: s.State, Reason: s.Reason,
		RetryAfter: ifKnown(s.RetryAfter), FinalStatus: s.Status, FinalReason: s.StatusReason, From: s.SubscriberURI, Resource: s.Resource,
		Subscriber: addr(s.Subscriber), Notifier: addr(s.Notifier), Transport: s.Transport.String(), UserAgent: s.UserAgent,
		Started: stamp(s.Started), Ended: stamp(s.Ended), Expires: ifKnown(s.Expires), ExpiresAt: stamp(s.ExpiresAt), MinExpires: ifKnown(s.MinExpires),
		Refreshes: s.Refreshes, Challenges: s.Challenges, Notified: s.Notifications, Refused: s.NotifyRefused, Unanswered: s.NotifyUnanswered,
		FirstNotify: millis(s.FirstNotify), Missing: s.FirstNotifyMissing, Contents: make([]content, 0, len(s.Contents)), MoreContents: s.MoreContents,
		ContentAt: stamp(s.ContentAt), ContentFrame: s.ContentFrame, SaidBefore: s.SaidBefore, Frames: list(s.Frames),
		Said: convert(s.Said, func(w roster.Saying) saying { return saying{stamp(w.At), w.Frame, w.Words} }),
	}
	if s.Call.HasCallID {
		out.CallID = &s.Call.CallID
	}
	for i := range s.Contents {
		c := newContent(&s.Contents[i].Content)
		c.Of = s.Contents[i].Of
		out.Contents = append(out.Contents, c)
	}
	return out
}

func newPublication(p *roster.Publication) publication {
	out := publication{
		CallIDs: callIDs(p.Calls), Resource: p.Resource, Package: p.Package, Label: p.Label, Publisher: addr(p.Publisher), Compositor: addr(p.Compositor),
		Transport: p.Transport.String(), UserAgent: p.UserAgent, State: p.State, Status: p.Status, Reason: p.Reason, Tag: p.Tag,
		Expires: ifKnown(p.Expires), ExpiresAt: stamp(p.ExpiresAt), MinExpires: ifKnown(p.MinExpires), Started: stamp(p.Started),
		Initial: p.Initial, Changed: p.Changed, Refreshed: p.Refreshed, Removals: p.Removals, StaleTags: p.StaleTags, Broken: p.Broken, Failed: p.Failed,
		ContentAt: stamp(p.ContentAt), Frames: list(p.Frames),
	}
	if p.Content != nil {
		c := newContent(p.Content)
		out.Content = &c
	}
	return out
}

func newContent(c *notice.Content) content {
	out := content{ContentType: c.Type, Words: c.Words(), Problem: c.Problem}
	switch {
	case c.Presence != nil:
		p := c.Presence
		out.Presence = &presence{Entity: p.Entity, Basic: p.Basic(), Activities: p.Activities, Notes: p.Notes,
			Tuples: convert(p.Tuples, func(t notice.Tuple) tuple { return tuple(t) })}
	case c.Dialogs != nil:
		out.Dialogs = convert(c.Dialogs.Dialogs, newLampDialog)
	case c.Waiting != nil:
		out.Waiting = newWaiting(c.Waiting)
	case c.RegInfo != nil:
		out.Registrations = convert(c.RegInfo.Registrations, func(r notice.Registration) regInfo {
			return regInfo{AOR: r.AOR, State: r.State, Contacts: convert(r.Contacts, func(c notice.Contact) regContact { return regContact(c) })}
		})
	case c.Conference != nil:
		out.Conference = newConference(c.Conference)
	}
	return out
}

func newLampDialog(d notice.Dialog) lampDialog {
	return lampDialog{ID: d.ID, CallID: d.CallID, Direction: d.Direction, State: d.State, Event: d.Event, Local: newSide(d.Local), Remote: newSide(d.Remote)}
}

func newSide(p notice.Party) *side {
	if p == (notice.Party{}) {
		return nil
	}
	s := side(p)
	return &s
}

func newWaiting(s *notice.Summary) *waiting {
	out := &waiting{Account: s.Account, Counts: convert(s.Counts, func(c notice.Count) classCount {
		n := classCount{Class: c.Class, New: c.New, Old: c.Old}
		if c.Urgent {
			n.NewUrgent, n.OldUrgent = &c.NewUrgent, &c.OldUrgent
		}
		return n
	})}
	if s.Waiting != "" {
		yes := s.Waiting == "yes"
		out.Waiting = &yes
	}
	return out
}

func newConference(c *notice.ConferenceInfo) *conference {
	out := &conference{Entity: c.Entity, Subject: c.Subject, Users: convert(c.Users, func(u notice.User) user {
		return user{Entity: u.Entity, Display: u.Display, Status: u.Status, Role: u.Role}
	})}
	if c.UserCount >= 0 {
		out.UserCount = &c.UserCount
	}
	return out
}
