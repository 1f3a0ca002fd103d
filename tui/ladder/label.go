package ladder

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/clean"
	"sipsniff/tui/figure"
	"sipsniff/tui/glyph"
)

// A labeller writes what stands on the arrows of one leg.
type labeller struct {
	clean  func(string) string
	glyphs glyph.Set
	// ambiguous are the status codes that answered several methods: 408 to
	// the INVITE and 408 to the CANCEL have to be told apart.
	ambiguous map[int]string
	// asked is the method of the latest request to each column from each.
	asked map[[2]int]string
}

func cleaner(ascii bool) func(string) string {
	if ascii {
		return clean.ASCII
	}
	return clean.Line
}

func newLabeller(ascii bool, rows []Row) *labeller {
	l := &labeller{clean: cleaner(ascii), glyphs: glyph.Unicode(), ambiguous: map[int]string{}, asked: map[[2]int]string{}}
	if ascii {
		l.glyphs = glyph.ASCII()
	}
	for i := range rows {
		m := rows[i].Message
		if m.Method != "" || m.StatusCode < 300 {
			continue
		}
		if method, seen := l.ambiguous[m.StatusCode]; !seen {
			l.ambiguous[m.StatusCode] = m.CSeq.Method
		} else if method != m.CSeq.Method {
			l.ambiguous[m.StatusCode] = ""
		}
	}
	return l
}

// message returns the forms of the text for a message, from long to short.
func (l *labeller) message(r *Row) []Label {
	m := r.Message
	var labels []Label
	if m.Method != "" {
		l.asked[[2]int{r.From, r.To}] = m.Method
		labels = l.request(m)
	} else {
		labels = l.response(m, l.methodSuffix(r))
	}
	r.Said = labels[0].Text
	return l.folded(r, labels)
}

func (l *labeller) request(m *correlate.Message) []Label {
	name := l.clean(m.Method)
	labels := l.withSDP(m, name)
	if reason := l.reason(m); reason != "" {
		labels = append([]Label{{Text: name + "  " + reason}}, labels...)
	}
	return labels
}

func (l *labeller) response(m *correlate.Message, suffix string) []Label {
	code := l.statusCode(m)
	reason := l.clean(m.Reason)
	if reason == "" {
		return l.withSDP(m, code+suffix)
	}
	full := code + " " + reason + suffix
	if m.SDP == nil {
		return []Label{{Text: full, Cut: true}, {Text: code + suffix}, {Text: code}}
	}
	return append(l.withSDP(m, full)[:1], l.withSDP(m, code+suffix)...)
}

func (l *labeller) statusCode(m *correlate.Message) string {
	if m.StatusCode > 0 {
		return strconv.Itoa(m.StatusCode)
	}
	line, _, _ := strings.Cut(m.Text(), "\n")
	if _, rest, ok := strings.Cut(line, " "); ok {
		code, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		return l.clean(code)
	}
	return "response"
}

// methodSuffix names the method a response belongs to where that is not plain
// from the request before it.
func (l *labeller) methodSuffix(r *Row) string {
	m := r.Message
	asked, known := l.asked[[2]int{r.To, r.From}]
	unclear := known && asked != m.CSeq.Method && asked != "ACK"
	if method, seen := l.ambiguous[m.StatusCode]; seen && method == "" {
		unclear = true
	}
	if !unclear || m.CSeq.Method == "" {
		return ""
	}
	return " (" + l.clean(m.CSeq.Method) + ")"
}

// withSDP adds the codecs of the body to name: all of them, the first three,
// the first.
func (l *labeller) withSDP(m *correlate.Message, name string) []Label {
	if m.SDP == nil {
		return []Label{{Text: name}}
	}
	codecs, way := l.codecs(m), l.direction(m)
	if len(codecs) == 0 {
		return []Label{{Text: name + " sdp" + way}, {Text: name + " sdp"}, {Text: name}}
	}
	labels := []Label{{Text: name + " sdp " + strings.Join(codecs, ",") + way}}
	if n := len(codecs); n > 4 {
		labels = append(labels, Label{Text: fmt.Sprintf("%s sdp %s,+%d%s", name, strings.Join(codecs[:3], ","), n-3, way)})
	}
	if n := len(codecs); n > 1 {
		labels = append(labels, Label{Text: fmt.Sprintf("%s sdp %s+%d", name, codecs[0], n-1)})
	} else if way != "" {
		labels = append(labels, Label{Text: name + " sdp " + codecs[0]})
	}
	return append(labels, Label{Text: name + " sdp"}, Label{Text: name})
}

// folded adds the counts of copies to every form.
func (l *labeller) folded(r *Row, labels []Label) []Label {
	counts := ""
	if r.Retransmissions > 0 {
		counts += " " + l.glyphs.Again + strconv.Itoa(r.Retransmissions)
	}
	if r.Duplicates > 0 {
		counts += " " + l.glyphs.Twin + strconv.Itoa(r.Duplicates)
	}
	if r.Tapped {
		counts += " " + l.glyphs.Same
	}
	if counts == "" {
		return labels
	}
	bare := labels[len(labels)-1] // where nothing else fits
	for i := range labels {
		labels[i].Text += counts
	}
	if r.Continued && r.Message.Method != "" {
		long := Label{Text: labels[len(labels)-1].Text + " same transaction"}
		labels = append([]Label{long}, labels...)
	}
	return append(labels, bare)
}

// copyOf is the text of a retransmission on a row of its own.
func (l *labeller) copyOf(m *correlate.Message) []Label {
	text := l.clean(m.Method)
	if text == "" {
		text = l.statusCode(m)
	}
	return []Label{{Text: l.glyphs.Again + " " + text}}
}

// reason shortens the Reason header of a request that ends a call (RFC 3326)
// to protocol and cause.
func (l *labeller) reason(m *correlate.Message) string {
	if m.Method != "BYE" && m.Method != "CANCEL" {
		return ""
	}
	protocol, params, _ := strings.Cut(headerValue(m.Text(), "Reason"), ";")
	for p := range strings.SplitSeq(params, ";") {
		if name, cause, ok := strings.Cut(strings.TrimSpace(p), "="); ok && strings.EqualFold(name, "cause") {
			return l.clean(strings.TrimSpace(protocol) + ";cause=" + cause)
		}
	}
	return l.clean(strings.TrimSpace(protocol))
}

// stream returns the forms of the text for a stream, from long to short.
func (l *labeller) stream(s *correlate.Stream) []Label {
	name := l.StreamName(s)
	if c := s.Control; c != nil && c.Only {
		return reported(name, c)
	}
	count := name + " " + figure.Grouped(s.Packets) + " pk"
	q := &s.Quality
	percent := figure.Percent(q.Lost, q.Expected)
	if percent == "" {
		return []Label{{Text: count}, {Text: name}}
	}
	lost := " lost " + percent + "%"
	if q.Lost > 0 {
		lost = fmt.Sprintf(" lost %s (%s%%)", figure.Grouped(q.Lost), percent)
	}
	jitter, mos := "", ""
	if q.HasJitter {
		jitter = fmt.Sprintf(" jit %.1f", q.JitterMean)
	}
	var labels []Label
	if s.Score.Known {
		mos = " " + figure.MOS(s.Score.MOS, s.Score.Entry.Assumed())
		labels = append(labels, Label{Text: count + lost + jitter + " MOS" + mos}, Label{Text: count + lost + " MOS" + mos},
			Label{Text: name + " lost " + percent + "% MOS" + mos})
	} else {
		labels = append(labels, Label{Text: count + lost + jitter}, Label{Text: count + lost}, Label{Text: count + " lost " + percent + "%"},
			Label{Text: name + " lost " + percent + "%"})
	}
	return append(labels, Label{Text: name + " -" + percent + "%" + mos}, Label{Text: name + " -" + percent + "%"}, Label{Text: name})
}

// reported are the forms for a stream of which only RTCP was seen.
func reported(name string, c *correlate.Control) []Label {
	only := name + " seen by RTCP only"
	labels := []Label{{Text: only}, {Text: name + " RTCP"}, {Text: name}}
	if percent, ok := c.Received.Percent(); ok {
		return append([]Label{{Text: fmt.Sprintf("%s, its receiver lost %.1f%%", only, percent)}}, labels...)
	}
	return labels
}

// StreamName names what a stream carries: its codec, or the payload type when
// no signalling explains it.
func (l *labeller) StreamName(s *correlate.Stream) string {
	name := l.clean(canonical(s.Codec))
	switch {
	case s.Media == "fax" && name == "":
		name = "T.38"
	case name == "":
		name = "PT" + strconv.Itoa(int(s.PayloadType))
	}
	if turns := epochs(s); turns != nil {
		name = l.turned(turns)
	}
	if s.Secure {
		name = "SRTP " + name
	}
	return name
}

// StreamName is the labeller's name of a stream for other rooms.
func StreamName(s *correlate.Stream, ascii bool) string {
	return newLabeller(ascii, nil).StreamName(s)
}

// codecs lists the encodings of all media lines, each once, in order.
func (l *labeller) codecs(m *correlate.Message) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range m.SDP.Media {
		media := &m.SDP.Media[i]
		if media.Port == 0 && len(m.SDP.Media) > 1 {
			continue
		}
		for j := range media.Codecs {
			add(l.codecName(media.Codecs[j].Name, media.Codecs[j].PayloadType))
		}
		if len(media.Codecs) == 0 {
			for _, format := range media.Formats {
				if format == "*" { // of MSRP (RFC 4975 §8.1): says nothing
					format = media.Type
				}
				add(l.clean(format))
			}
		}
	}
	return names
}

func (l *labeller) codecName(name string, payloadType uint8) string {
	switch {
	case strings.EqualFold(name, "telephone-event"):
		return "dtmf"
	case name == "":
		return "PT" + strconv.Itoa(int(payloadType))
	}
	return l.clean(canonical(name))
}

// registered are the encoding names of RFC 3551, which some write in lower
// case.
var registered = [...]string{"PCMU", "PCMA", "GSM", "G721", "G722", "G723", "G728", "G729", "DVI4", "LPC", "L16", "CN"}

func canonical(name string) string {
	for _, known := range registered {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// direction is " sendonly" and the like when the first media line says so.
func (l *labeller) direction(m *correlate.Message) string {
	if len(m.SDP.Media) == 0 {
		return ""
	}
	if way := directions[m.SDP.Media[0].Direction]; way != "sendrecv" {
		return " " + way
	}
	return ""
}
