package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"sipsniff/correlate/roster"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// writeRoster lists what is not a call; sections without entries are left out.
func writeRoster(w io.Writer, r *roster.Roster, showBodies bool) error {
	for _, section := range []struct {
		table *table
		more  int
	}{
		{registrationTable(r.Registrations), r.Omitted.Registrations},
		{trunkTable(r.Trunks), r.Omitted.Trunks},
		{subscriptionTable(r.Subscriptions), r.Omitted.Subscriptions},
		{publicationTable(r.Publications), r.Omitted.Publications},
		{conversationTable(r.Conversations), r.Omitted.Conversations},
	} {
		if len(section.table.rows) == 0 {
			continue
		}
		fmt.Fprintln(w)
		if err := section.table.write(w); err != nil {
			return err
		}
		if section.more > 0 {
			fmt.Fprintf(w, "and %s more\n", amount.Grouped(section.more))
		}
	}
	if showBodies {
		writeTexts(w, r.Conversations)
	}
	return nil
}

func registrationTable(list []*roster.Registration) *table {
	t := newTable("Registration", "Contact", "Source", "Registrar", "State", ">Code", ">Expires", ">RRD ms", ">Tries", ">Failed", "Note")
	for _, r := range list {
		t.add(Party(r.AOR), ownContact(r), addr(r.Source), addr(r.Registrar), r.State.Word(), code(r.Status), whole(r.Expires),
			milliseconds(r.Delay), amount.Grouped(r.Attempts), amount.Grouped(r.Failed), registrationNote(r))
	}
	return t
}

// ownContact is where the device wants to be reached.
func ownContact(r *roster.Registration) string {
	own := none
	for i := range r.Contacts {
		c := &r.Contacts[i]
		if c.Own || own == none {
			own = hostOf(c.URI)
		}
		if c.Own {
			break
		}
	}
	return own
}

// hostOf is a URI without scheme, user and parameters.
func hostOf(uri string) string {
	rest := uri
	if i := strings.IndexByte(rest, ':'); i >= 0 {
		rest = rest[i+1:]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	if i := strings.IndexAny(rest, ";?"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// registrationNote says what is worth knowing besides the state.
func registrationNote(r *roster.Registration) string {
	var notes []string
	note := func(yes bool, format string, values ...any) {
		if yes {
			notes = append(notes, fmt.Sprintf(format, values...))
		}
	}
	note(r.Refused > 0, "credentials refused %s", times(r.Refused))
	note(r.StaleNonces > 0, "stale nonce %s", times(r.StaleNonces))
	note(r.OldNonces > 0, "nonce 10 s old when answered %s", times(r.OldNonces))
	note(r.FailureStreak > 1, "%d failures in a row", r.FailureStreak)
	note(r.NoReplies > 0, "no reply %s", times(r.NoReplies))
	note(r.MinExpires >= 0, "registrar wants %d s at least", r.MinExpires)
	note(r.LateRefreshes > 0, "refreshed too late %s", times(r.LateRefreshes))
	note(r.Cleared > 0, "removed all contacts")
	note(r.ClearedElsewhere, "another device removed all contacts")
	if len(r.NAT.Evidence) > 0 {
		note(true, "NAT (%s) %s seen as %s", strings.Join(natWords(r.NAT.Evidence), ", "), r.NAT.SentBy, place(r.NAT.SeenFrom))
	}
	others := r.MoreContacts
	for i := range r.Contacts {
		if !r.Contacts[i].Own {
			others++
		}
	}
	note(others == 1 && len(r.Contacts) > 1, "1 other contact")
	note(others > 1, "%d other contacts", others)
	note(r.Partial, "part of it was let go to save memory")
	return strings.Join(notes, ", ")
}

func natWords(evidence []string) []string {
	words := make([]string, len(evidence))
	for i, e := range evidence {
		words[i] = strings.ReplaceAll(e, "_", " ")
	}
	return words
}

func times(n int) string { return "×" + strconv.Itoa(n) }

// whole prints a number of which -1 says that it is not known.
func whole(n int64) string {
	if n < 0 {
		return none
	}
	return strconv.FormatInt(n, 10)
}

func milliseconds(nanos int64) string { return known(float64(nanos)/1e6, nanos >= 0) }

func trunkTable(list []*roster.Trunk) *table {
	t := newTable("Trunk", "Destination", "State", "Since", ">OPTIONS", ">Answered", ">Lost", ">Open", ">Min ms", ">Mean", ">P95", ">Max", "Last answer", "Codes")
	for _, k := range list {
		var codes []string
		for _, c := range k.Responses {
			codes = append(codes, code(c.Status)+times(c.Count))
		}
		t.add(addr(k.Source), addr(k.Destination), k.State.Word(), clock(k.Since), amount.Grouped(k.Sent), amount.Grouped(k.Answered), amount.Grouped(k.Lost),
			amount.Grouped(k.Open), milliseconds(k.DelayMin), milliseconds(k.DelayMean), milliseconds(k.DelayP95), milliseconds(k.DelayMax),
			clock(k.LastAnswer), strings.Join(codes, " "))
	}
	return t
}

func subscriptionTable(list []*roster.Subscription) *table {
	t := newTable("Subscription", "Subscriber", "To", "Resource", "State", ">Code", ">Expires", ">Refreshed", ">Notified", "Says", "Note")
	for _, s := range list {
		words := s.Words()
		if words == "" {
			words = none
		}
		t.add(packageName(s.Package, s.Label), addr(s.Subscriber), addr(s.Notifier), Party(s.Resource), s.State.Word(), code(s.Status), whole(s.Expires),
			amount.Grouped(s.Refreshes), amount.Grouped(s.Notifications), words, subscriptionNote(s))
	}
	return t
}

func packageName(name, label string) string {
	switch {
	case name == "":
		return "no Event"
	case label == "" || label == name:
		return name
	}
	return label + " (" + name + ")"
}

func subscriptionNote(s *roster.Subscription) string {
	var notes []string
	switch s.Origin {
	case "unsolicited":
		notes = append(notes, "nobody asked")
	case "earlier":
		notes = append(notes, "began earlier")
	}
	if s.State == roster.Pending {
		notes = append(notes, "waits for approval")
	}
	if s.Reason != "" {
		notes = append(notes, s.Reason)
	}
	if s.FirstNotifyMissing {
		notes = append(notes, "no NOTIFY followed")
	}
	if s.NotifyRefused > 0 {
		notes = append(notes, "NOTIFY refused "+times(s.NotifyRefused))
	}
	if s.NotifyUnanswered > 0 {
		notes = append(notes, "NOTIFY unanswered "+times(s.NotifyUnanswered))
	}
	return strings.Join(notes, ", ")
}

func publicationTable(list []*roster.Publication) *table {
	t := newTable("Publication", "Package", "From", "To", "State", ">Code", ">Expires", ">New", ">Changed", ">Refreshed", ">Removed", "Says", "Note")
	for _, p := range list {
		words, note := none, ""
		if p.Content != nil {
			words = p.Content.Words()
		}
		if p.StaleTags > 0 {
			note = "tag not known any more " + times(p.StaleTags)
		}
		t.add(Party(p.Resource), packageName(p.Package, p.Label), addr(p.Publisher), addr(p.Compositor), p.State.Word(), code(p.Status), whole(p.Expires),
			amount.Grouped(p.Initial), amount.Grouped(p.Changed), amount.Grouped(p.Refreshed), amount.Grouped(p.Removals), words, note)
	}
	return t
}

func conversationTable(list []*roster.Conversation) *table {
	t := newTable("Conversation", "With", "Started", "Last", ">There", ">Delivered", ">Back", ">Delivered", ">Octets", ">Reports", ">Typing", "Failed", "Types")
	for _, v := range list {
		types := make([]string, len(v.ContentTypes))
		for i, c := range v.ContentTypes {
			types[i] = c.Type
		}
		a, b := &v.AToB, &v.BToA
		t.add(Party(v.A), Party(v.B), clock(v.Started), clock(v.Last), amount.Grouped(a.Messages), amount.Grouped(a.Delivered+a.Relayed),
			amount.Grouped(b.Messages), amount.Grouped(b.Delivered+b.Relayed), amount.Grouped(a.Octets+b.Octets), amount.Grouped(a.Reports+b.Reports), amount.Grouped(a.Typing+b.Typing),
			undelivered(a, b), strings.Join(types, " "))
	}
	return t
}

func undelivered(directions ...*roster.Direction) string {
	var words []string
	unanswered := 0
	for _, d := range directions {
		for _, f := range d.Failures {
			words = append(words, code(f.Status)+times(f.Count))
		}
		unanswered += d.Unanswered
	}
	if unanswered > 0 {
		words = append(words, "no reply "+times(unanswered))
	}
	if words == nil {
		return none
	}
	return strings.Join(words, " ")
}

// writeTexts shows what people wrote.
func writeTexts(w io.Writer, list []*roster.Conversation) {
	for _, v := range list {
		fmt.Fprintf(w, "\n%s and %s\n", clean.Line(Party(v.A)), clean.Line(Party(v.B)))
		if v.Earlier > 0 {
			fmt.Fprintf(w, "  %s earlier ones are left out\n", amount.Grouped(v.Earlier))
		}
		for i := range v.Texts {
			t := &v.Texts[i]
			from := v.B
			if t.FromA {
				from = v.A
			}
			fmt.Fprintf(w, "  %s  %s: %s\n", clock(t.At), clean.Line(Party(from)), clean.Line(t.Body))
		}
	}
}
