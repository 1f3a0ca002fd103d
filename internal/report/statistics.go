package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/correlate/metrics"
	"sipsniff/internal/amount"
)

// busiestPairs is how many pairs of hosts the text report has room for.
const busiestPairs = 10

// writeStatistics prints the aggregates, when there are calls or registrations.
func writeStatistics(w io.Writer, s *correlate.Snapshot) error {
	r := metrics.Of(s)
	t := &r.Total
	if t.Attempts+t.Pending+t.Undetermined+t.Registrations+t.RegistrationsPending == 0 {
		return nil
	}
	fmt.Fprintln(w, "\nStatistics")
	writeAttempts(w, t)
	if t.Registrations+t.RegistrationsPending > 0 {
		fmt.Fprintf(w, "registrations %s%s; IRA %s\n", amount.Grouped(t.Registrations),
			among(part{t.RegistrationsFailed, "failed"}, part{t.RegistrationsChallenged, "not let in"}, part{t.RegistrationsPending, "more pending"}),
			percentText(t.IneffectiveRegistrations()))
	}
	if t.Forward.Messages+t.Backward.Messages > 0 {
		fmt.Fprintf(w, "retransmissions: %s of the messages to the callees, %s of those to the callers\n", percentText(t.Forward.Rate()), percentText(t.Backward.Rate()))
	}
	if err := writeDelays(w, t); err != nil {
		return err
	}
	if err := writeWindows(w, r); err != nil {
		return err
	}
	return writePairs(w, r)
}

func writeAttempts(w io.Writer, t *metrics.Summary) {
	if t.Attempts+t.Pending+t.Undetermined == 0 {
		return
	}
	fmt.Fprintf(w, "call attempts %s: %s answered%s\n", amount.Grouped(t.Attempts), amount.Grouped(t.Answered), enumerate(", ", part{t.Cancelled, "cancelled"}, part{t.Redirected, "redirected"},
		part{t.TimedOut, "timed out"}, part{t.Up, "still up"}, part{t.Pending, "more pending"}, part{t.Undetermined, "more undetermined"}))
	acd := none
	if d, ok := t.AverageDuration(); ok {
		acd = Duration(d)
	}
	fmt.Fprintf(w, "ASR %s  NER %s  SER %s  SEER %s  ISA %s  SCR %s  ACD %s\n", percentText(t.AnswerSeizureRatio()), percentText(t.NetworkEffectivenessRatio()),
		percentText(t.EstablishmentRatio()), percentText(t.EffectivenessRatio()), percentText(t.IneffectiveAttempts()), percentText(t.CompletionRatio()), acd)
	mean := none
	if t.Rate.HasMean {
		mean = strconv.FormatFloat(t.Rate.Mean, 'f', 2, 64)
	}
	fmt.Fprintf(w, "calls per second: %s at most, %s on average; at once: %s at most, %s at the end\n", amount.Grouped(t.Rate.Peak), mean, amount.Grouped(t.Rate.ConcurrentPeak), amount.Grouped(t.Rate.ConcurrentEnd))
}

// part is a number of something.
type part struct {
	n    int
	what string
}

// among prints ": 3 failed, 1 pending" of the parts that are there.
func among(parts ...part) string { return enumerate(": ", parts...) }

// enumerate prints the parts that are there, behind a text when there are any.
func enumerate(before string, parts ...part) string {
	var words []string
	for _, p := range parts {
		if p.n > 0 {
			words = append(words, fmt.Sprintf("%s %s", amount.Grouped(p.n), p.what))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, ", ")
}

// writeDelays prints how the delays are spread; where there is one of each at
// most, it alone.
func writeDelays(w io.Writer, s *metrics.Summary) error {
	type line struct {
		name string
		of   *metrics.Distribution
	}
	var lines []line
	most := 0
	add := func(name string, d *metrics.Distribution) {
		if most = max(most, d.Count()); d.Count() > 0 {
			lines = append(lines, line{name, d})
		}
	}
	for _, d := range delaysOf(s) {
		add(d.name, d.of)
	}
	for i := range s.Responses {
		r := &s.Responses[i]
		add("response to "+r.Method+" of the "+sender(r.Back), &r.Distribution)
	}
	if most == 0 {
		return nil
	}
	t := newTable("Milliseconds", ">Count", ">Mean", ">p50", ">p90", ">p95", ">p99", ">Max")
	if most == 1 {
		t = newTable("Milliseconds", "")
	}
	for _, l := range lines {
		mean, _ := l.of.Mean()
		if most == 1 {
			t.add(l.name, precise(mean))
			continue
		}
		cells := []string{l.name, amount.Grouped(l.of.Count()), precise(mean)}
		for _, p := range []float64{50, 90, 95, 99} {
			v, _ := l.of.Percentile(p)
			cells = append(cells, precise(v))
		}
		t.add(append(cells, precise(l.of.Max()))...)
	}
	return t.write(w)
}

// sender is who sent the requests of one direction.
func sender(back bool) string {
	if back {
		return "callee"
	}
	return "caller"
}

// precise prints milliseconds, with a tenth where that says something.
func precise(nanos int64) string {
	ms := float64(nanos) / 1e6
	if ms >= 100 {
		return amount.Grouped(int64(math.Round(ms)))
	}
	return strconv.FormatFloat(ms, 'f', 1, 64)
}

// writeWindows prints the spans before the end of the capture in which calls began.
func writeWindows(w io.Writer, r *metrics.Report) error {
	t := newTable("Last", ">Attempts", ">ASR%", ">NER%", ">SER%", ">SEER%", ">ISA%", ">SCR%", ">ACD", ">PDD p50 ms", ">p95", ">At once")
	for i := range r.Windows {
		s := &r.Windows[i].Total
		if s.Attempts+s.Pending == 0 {
			continue
		}
		acd := none
		if d, ok := s.AverageDuration(); ok {
			acd = Duration(d)
		}
		t.add(strconv.Itoa(int(r.Windows[i].Length/time.Minute))+" min", amount.Grouped(s.Attempts+s.Pending), bare(s.AnswerSeizureRatio()),
			bare(s.NetworkEffectivenessRatio()), bare(s.EstablishmentRatio()), bare(s.EffectivenessRatio()), bare(s.IneffectiveAttempts()),
			bare(s.CompletionRatio()), acd, percentile(&s.PostDialDelay, 50), percentile(&s.PostDialDelay, 95), amount.Grouped(s.Rate.ConcurrentPeak))
	}
	if len(t.rows) == 0 {
		return nil
	}
	return t.write(w)
}

// writePairs prints the busiest pairs of hosts, when there is more than one.
func writePairs(w io.Writer, r *metrics.Report) error {
	t := newTable("Source", "Destination", ">Attempts", ">ASR%", ">NER%", ">PDD p50 ms", ">p95", ">ACD", ">Retr%", "Failures")
	callers := 0
	for i := range r.Pairs {
		p := &r.Pairs[i]
		if p.Attempts+p.Pending == 0 {
			continue
		}
		if callers++; callers > busiestPairs {
			continue
		}
		acd := none
		if d, ok := p.AverageDuration(); ok {
			acd = Duration(d)
		}
		again := metrics.Ratio{Part: p.Forward.Retransmissions + p.Backward.Retransmissions, Whole: p.Forward.Messages + p.Backward.Messages}
		t.add(p.Source.String(), p.Destination.String(), amount.Grouped(p.Attempts+p.Pending), bare(p.AnswerSeizureRatio()), bare(p.NetworkEffectivenessRatio()),
			percentile(&p.PostDialDelay, 50), percentile(&p.PostDialDelay, 95), acd, bare(again), failures(p.Finals))
	}
	if callers < 2 {
		return nil
	}
	if err := t.write(w); err != nil {
		return err
	}
	if callers > busiestPairs {
		fmt.Fprintf(w, "%s more pairs of hosts: see metrics.pairs in the JSON\n", amount.Grouped(callers-busiestPairs))
	}
	return nil
}

// failures prints "486:36 none:2", most first.
func failures(finals map[int]int) string {
	const most = 4
	var statuses []int
	for status := range finals {
		if status/100 != 2 {
			statuses = append(statuses, status)
		}
	}
	slices.SortFunc(statuses, func(a, b int) int { return cmp.Or(finals[b]-finals[a], a-b) })
	var list []string
	for _, status := range statuses[:min(len(statuses), most)] {
		list = append(list, fmt.Sprintf("%s:%d", finalName(status), finals[status]))
	}
	return strings.Join(list, " ")
}

// percentText prints "72.3 %", and none where it is undefined.
func percentText(r metrics.Ratio) string {
	if _, ok := r.Percent(); !ok {
		return none
	}
	return bare(r) + " %"
}

func bare(r metrics.Ratio) string {
	p, ok := r.Percent()
	return known(p, ok)
}

func percentile(d *metrics.Distribution, p float64) string {
	v, ok := d.Percentile(p)
	if !ok {
		return none
	}
	return precise(v)
}
