package tui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/roster"
	"sipsniff/decode/sip"
	"sipsniff/internal/cells"
	"sipsniff/tui/figure"
)

// columns are those that the user wants.
func (v *registrationsView) columns(width int) []column {
	return columnsIn(v.u.option("registrations.columns"), v.allColumns(width))
}

// allColumns are those of the registrations.
func (v *registrationsView) allColumns(width int) []column {
	of := func(c column, text func(r *roster.Registration, width int) cell) column {
		c.cell = func(row, width int) cell { return text(v.shown.rows[row], width) }
		return c
	}
	contact, expires, rtt, wide := "Contact", "Expires", "RTT", width >= wideTabs
	if wide {
		contact, expires, rtt = "Contact (source)", "Expires s", "RTT ms"
	}
	return []column{
		of(column{id: "aor", title: "AoR", min: 19, ideal: 22, max: 40, elastic: true}, v.aor),
		of(column{id: "contact", title: contact, min: 18, ideal: 21, max: 47, elastic: true}, v.contact),
		of(column{id: "state", title: "State", min: 12, ideal: 12, max: 14, elastic: true}, v.state),
		of(column{id: "expires", title: expires, min: 7, ideal: max(7, len(expires)), max: 9, right: true, prio: 1, elastic: true}, v.expires),
		of(column{id: "rtt", title: rtt, min: 4, ideal: max(4, len(rtt)), max: 6, right: true, prio: 2, elastic: true}, v.rtt),
		of(column{id: "agent", title: "User-Agent", min: 10, ideal: 18, max: 30, prio: 4, elastic: true, optional: !wide}, func(r *roster.Registration, _ int) cell {
			return cell{text: v.u.clean(r.UserAgent)}
		}),
		of(column{id: "note", title: "Note", min: 12, ideal: 15, max: 60, prio: 1, elastic: true}, v.noteCell),
		of(column{id: "history", title: "Attempts", min: 8, ideal: 10, max: 12, prio: 5, elastic: true, optional: !wide}, v.history),
	}
}

// aor is the address of record without the scheme.
func (v *registrationsView) aor(r *roster.Registration, width int) cell {
	u := sip.ParseURI(r.AOR)
	text := u.Host
	if u.User != "" {
		text = u.User + "@" + u.Host
	}
	if text == "" {
		text = r.AOR
	}
	return cell{text: cells.Cut(v.u.clean(text), width, v.u.set.Ellipsis)}
}

// contact is where the device is seen; a dash when it is not registered.
func (v *registrationsView) contact(r *roster.Registration, width int) cell {
	if r.State == roster.Rejected || r.State == roster.Challenged && len(r.Contacts) == 0 && !r.Source.IsValid() {
		return cell{text: v.u.set.None}
	}
	return cell{text: cells.CutMiddle(r.Source.String(), width, v.u.set.Ellipsis)}
}

func (v *registrationsView) state(r *roster.Registration, _ int) cell {
	text := r.State.Word()
	out := cell{role: rolePlain}
	switch r.State {
	case roster.Registered:
		out.role = roleGood
	case roster.Rejected:
		text += " " + strconv.Itoa(r.Status)
		out.role = roleBad
	case roster.NoReply, roster.Expired:
		out.role = roleBad
	case roster.Challenged, roster.Pending:
		out.role = roleSetup
	}
	out.text = text
	return out
}

// expires counts down to the end of the registration, s.
func (v *registrationsView) expires(r *roster.Registration, _ int) cell {
	u := v.u
	if r.ExpiresAt == 0 || r.State != roster.Registered && r.State != roster.Expired {
		return cell{text: u.set.None}
	}
	left := (r.ExpiresAt - u.snap.Last) / int64(time.Second)
	switch {
	case left < 0:
		minus := "−"
		if u.set.ASCII {
			minus = "-"
		}
		return cell{text: minus + figure.Grouped(uint64(-left)), role: roleBad}
	case left < expiringWithin:
		return cell{text: figure.Grouped(uint64(left)), role: roleWarn}
	}
	return cell{text: figure.Grouped(uint64(left))}
}

// rtt is how long the latest attempt waited for its last response, ms; also one
// that was refused.
func (v *registrationsView) rtt(r *roster.Registration, _ int) cell {
	delay := roundTripOf(r)
	if delay < 0 {
		return cell{text: v.u.set.None}
	}
	return cell{text: wholeMillis(delay)}
}

// wholeMillis is a delay in ms, which is never 0.
func wholeMillis(nanos int64) string {
	if nanos < 1e6 {
		return "<1"
	}
	return count(int(nanos / 1e6))
}

// roundTripOf is how long the latest attempt that ended waited for its last
// response, ns; -1 when none came.
func roundTripOf(r *roster.Registration) int64 {
	for i := len(r.Recent) - 1; i >= 0; i-- {
		if a := r.Recent[i]; a.State != roster.Pending {
			return a.Delay
		}
	}
	return r.Delay
}

func (v *registrationsView) noteCell(r *roster.Registration, width int) cell {
	text := v.u.clean(v.u.registrationNote(r))
	role := rolePlain
	if troubled(r) {
		role = roleWarn
	}
	return cell{text: cells.Cut(text, width, v.u.set.Ellipsis), role: role}
}

// registrationNote is what is worth knowing of a registration, in a few words.
func (u *UI) registrationNote(r *roster.Registration) string {
	var notes []string
	if r.OldNonces > 0 {
		notes = append(notes, fmt.Sprintf("old nonce %s%d", u.set.Times, r.OldNonces))
	}
	switch {
	case r.State == roster.NoReply:
		notes = append(notes, plural(max(1, r.NoReplies), "REGISTER")+" unanswered")
	case r.State == roster.Challenged && r.StaleNonces > 0:
		notes = append(notes, fmt.Sprintf("401 loop (stale nonce %s%d)", u.set.Times, r.StaleNonces))
	case r.State == roster.Expired:
		notes = append(notes, "not refreshed")
	}
	if r.StaleNonces > 0 && r.State != roster.Challenged {
		notes = append(notes, fmt.Sprintf("stale nonce %s%d", u.set.Times, r.StaleNonces))
	}
	switch {
	case r.Refused > 0:
		notes = append(notes, fmt.Sprintf("wrong password %s%d", u.set.Times, r.Refused))
	case r.State == roster.Rejected && r.Reason != "":
		notes = append(notes, r.Reason)
	}
	if r.Failed > 0 && r.State == roster.Registered {
		notes = append(notes, fmt.Sprintf("%s %s before", u.set.Bad, lastFailure(r, u.set.Times)))
	}
	if len(r.NAT.Evidence) > 0 {
		notes = append(notes, "NAT ("+strings.ReplaceAll(r.NAT.Evidence[0], "_", " ")+")")
	}
	if r.Earlier > 0 || r.Partial {
		notes = append(notes, "older attempts let go")
	}
	return strings.Join(notes, ", ")
}

// lastFailure is "403 ×2": what refused attempts were answered with.
func lastFailure(r *roster.Registration, times string) string {
	status := 0
	for _, a := range r.Recent {
		if a.State == roster.Rejected {
			status = a.Status
		}
	}
	if status == 0 {
		return fmt.Sprintf("no reply %s%d", times, r.Failed)
	}
	return fmt.Sprintf("%d %s%d", status, times, r.Failed)
}

// history has a cell for each of the latest attempts: its height is how long it
// took, a cross that it was refused or not answered.
func (v *registrationsView) history(r *roster.Registration, width int) cell {
	recent := r.Recent
	if len(recent) > width {
		recent = recent[len(recent)-width:]
	}
	longest := int64(1)
	for _, a := range recent {
		longest = max(longest, a.Delay)
	}
	var b strings.Builder
	for _, a := range recent {
		switch {
		case a.State == roster.Rejected || a.State == roster.NoReply:
			b.WriteString(v.u.set.Bad)
		case a.Delay < 0:
			b.WriteString(v.u.set.Dot)
		default:
			b.WriteString(v.u.set.Bars[min(7, a.Delay*8/(longest+1))])
		}
	}
	return cell{text: b.String()}
}

// drawPane tells of the latest attempts of the registration under the cursor.
func (v *registrationsView) drawPane(c canvas) {
	r, u := v.current(), v.u
	if r == nil {
		return
	}
	strip := ""
	if c.w < wideTabs { // there is no room for the column of attempts
		strip = v.history(r, c.w/4).text
	}
	u.rule(c, 0, v.aor(r, 40).text+" "+u.set.Dot+" last "+plural(len(r.Recent), "attempt"), strip)
	for i, line := range v.paneLines(r) {
		if i+1 < c.h {
			c.text(1, 1+i, cells.Cut(line, c.w-2, u.set.Ellipsis), u.theme[rolePlain])
		}
	}
}

// paneLines are the attempts, those that are alike in one line, then who it is
// and what that means.
func (v *registrationsView) paneLines(r *roster.Registration) []string {
	u := v.u
	var lines []string
	for i := len(r.Recent) - 1; i >= 0 && len(lines) < 2; {
		same := 1
		for i-same >= 0 && alike(&r.Recent[i], &r.Recent[i-same]) {
			same++
		}
		lines = append(lines, v.attemptLine(&r.Recent[i], same))
		i -= same
	}
	if a := r.Auth; a.Username != "" || a.Realm != "" {
		lines = append(lines, fmt.Sprintf("user in Authorization is %q, realm %q, %s %s", u.clean(a.Username), u.clean(a.Realm), u.clean(a.Scheme), u.clean(a.Algorithm)))
	}
	who := fmt.Sprintf("%s %s %s   UA %s   Server %s", r.Source, u.set.To, r.Registrar, orNone(u.clean(r.UserAgent), u.set.None), orNone(u.clean(r.Server), u.set.None))
	if why := whyRegistration(r); why != "" {
		lines = append(lines, why)
	}
	return append(lines, who)
}

func orNone(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

func alike(a, b *roster.Attempt) bool {
	return a.State == b.State && a.Status == b.Status && a.Challenges == b.Challenges
}

// attemptLine is "12:00:01 REGISTER → 401, again → 403 Wrong password · 14 times alike".
func (v *registrationsView) attemptLine(a *roster.Attempt, same int) string {
	u := v.u
	line := u.at(a.At).Format("15:04:05") + " REGISTER"
	if a.Challenges > 0 {
		line += fmt.Sprintf(" %s challenged %s, with credentials", u.set.To, times(a.Challenges))
	}
	switch {
	case a.State == roster.NoReply:
		line += " " + u.set.To + " no reply"
	case a.Status > 0:
		line += fmt.Sprintf(" %s %d %s", u.set.To, a.Status, u.clean(a.Reason))
	default:
		line += " " + u.set.To + " " + strings.ToLower(a.State.Word())
	}
	if a.Delay >= 0 {
		line += " (" + wholeMillis(a.Delay) + " ms)"
	}
	if same > 1 {
		line += fmt.Sprintf(" %s %s alike", u.set.Dot, times(same))
	}
	return line
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n) + " times"
}

// whyRegistration says in a sentence why a registration does not stand.
func whyRegistration(r *roster.Registration) string {
	switch {
	case r.State == roster.Challenged && r.Refused > 0:
		return "The credentials were answered with another challenge: a wrong password, or the wrong realm."
	case r.State == roster.Challenged && r.StaleNonces+r.OldNonces > 0:
		return "The registrar found the nonce stale each time: the device answers too late, or with an old one."
	case r.State == roster.Challenged:
		return "It was challenged and sent no credentials: it has none, or the answer did not reach it."
	case r.State == roster.Rejected && r.Challenges > 0:
		return "The credentials are refused, not the account: a locked account would be refused without a challenge."
	case r.State == roster.Rejected:
		return "It is refused without a challenge: the account, or the address it came from, is not welcome."
	case r.State == roster.NoReply:
		return "Nothing came back: the registrar is down, or a firewall is in between."
	case r.State == roster.Expired:
		return "It was not refreshed in time: the device is off, or cannot reach the registrar any more."
	case r.StaleNonces > 0:
		return "A stale nonce costs one more round trip; the device sent an old one."
	}
	return ""
}

// openAttempts opens the ladder of the latest attempts.
func (v *registrationsView) openAttempts() {
	r := v.current()
	if r == nil {
		return
	}
	var calls []*correlate.Call
	for _, c := range r.Calls[max(0, len(r.Calls)-shownAttempts):] {
		if known := v.u.callAt(c.Index); known != nil {
			calls = append(calls, known)
		}
	}
	if len(calls) == 0 {
		v.u.say("its messages were let go to save memory")
		return
	}
	f := newFlowView(v.u, calls)
	v.u.push(f)
	f.move(toLast)
}

// shownAttempts is how many Call-IDs of a registration a ladder shows.
const shownAttempts = 8
