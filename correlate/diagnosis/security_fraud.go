package diagnosis

import (
	"math"
	"slices"
	"strings"
	"time"

	"sipsniff/correlate"
	"sipsniff/internal/amount"
)

// fraudRules are about calls that cost money or annoy.
func fraudRules() []*Rule {
	return []*Rule{
		{
			Code: "SEC-04", Name: "toll-fraud", Title: "Expensive calls in an unusual pattern",
			Severity: correlate.Critical, Confidence: correlate.Suspect, Needs: NeedRequests,
			Means:  "One account calls many different numbers with expensive prefixes in 10 min, or for more than so many minutes in an hour, or outside of the hours that were set; or it has more calls at once than twice what 99 % of the time before had, when that is known for 14 days.",
			Advice: "Block the account, look where its registration and User-Agent came from, change its password, and set limits at the trunk.",
			Thresholds: []Threshold{
				{"numbers", 5, "", "different expensive numbers in the window"}, {"window", 600, "s", "the window"}, {"minutes", 60, "min", "of expensive calls in an hour"},
				{"opens", 0, "h", "hour (UTC) from which expensive calls are usual; with closes: 0 and 0 is always"}, {"closes", 0, "h", "hour (UTC) until which they are"},
				{"outside", 3, "", "expensive calls outside of these hours"}, {"days", 14, "d", "that the usual number of calls at once is learned for"},
				{"least", 3, "", "calls at once that are never unusual"},
			},
			Lists:  []List{{"prefixes", []string{"979", "870", "878", "881", "882", "883", "1900"}, "expensive prefixes of international numbers, without + or 00"}},
			Survey: tollFraud,
		},
		{
			Code: "SEC-11", Name: "wangiri", Title: "Calls that ring once, to be called back",
			Severity: correlate.Warning, Confidence: correlate.Suspect, Needs: NeedRequests | NeedResponses,
			Means:      "Calls from one range of numbers ring for a moment and are cancelled by the caller, many times in 10 min.",
			Advice:     "Do not call back; block calls to and from these numbers.",
			Thresholds: []Threshold{{"calls", 20, "", "such calls in the window"}, {"window", 600, "s", "the window"}, {"ring", 3, "s", "ringing at most"}, {"range", 3, "", "last digits in which numbers of one range differ"}},
			Survey:     wangiri,
		},
		{
			Code: "SEC-12", Name: "robocall", Title: "One caller makes many short calls",
			Severity: correlate.Info, Confidence: correlate.Suspect, Needs: NeedRequests | NeedResponses,
			Means:      "One caller makes many calls in 10 min, nearly all to different numbers, and they are short.",
			Advice:     "Ask whether that is wanted (a campaign, a test); otherwise apply the rules against spam.",
			Thresholds: []Threshold{{"calls", 30, "", "calls in the window"}, {"window", 600, "s", "the window"}, {"talk", 10, "s", "median of the time that was talked"}, {"different", 80, "%", "of the callees are different"}},
			Survey:     robocalls,
		},
	}
}

// expensive reports whether a number has one of the prefixes. A national
// number with such digits has not: only +, 00 and 011 make it international,
// or the number is as long as these are.
func expensive(user string, prefixes []string) bool {
	digits := digitsOf(user)
	if digits == "" || len(digits) < 9 && !strings.HasPrefix(user, "+") && !strings.HasPrefix(user, "0") {
		return false
	}
	for _, p := range prefixes {
		if strings.HasPrefix(digits, p) {
			return true
		}
	}
	return false
}

// tollFraud is SEC-04.
func tollFraud(s *Survey) {
	prefixes := s.Words("prefixes")
	paid := make(map[string][]*correlate.Call)
	for i, c := range s.Calls {
		if c.Method == "INVITE" && s.rows[i].dear(prefixes) {
			paid[account(c.From)] = append(paid[account(c.From)], c)
		}
	}
	for _, who := range namesIn(paid) {
		s.paidBy(who, paid[who])
	}
	s.unusual()
}

// paidBy looks at the expensive calls of one account; one finding is enough.
func (s *Survey) paidBy(who string, list []*correlate.Call) {
	number := func(i int) string { return digitsOf(userOf(list[i].RequestURI)) }
	say := func(list []*correlate.Call, text string, args ...any) {
		d := s.Find(text, args...)
		d.About, d.Count = who, len(list)
		d.callsIn(list)
	}
	if b := densest(len(list), int64(s.Number("window")*1e9), func(i int) int64 { return list[i].Started }, number); float64(b.distinct) >= s.Number("numbers") {
		say(list[b.from:b.to], "%s called %s different expensive numbers in %s.", who, amount.Grouped(b.distinct), span(list[b.to-1].Started-list[b.from].Started))
		return
	}
	if from, to, talked := mostTalked(list, time.Hour, s.Now); talked > int64(s.Number("minutes")*60e9) {
		say(list[from:to], "%s talked for %s on expensive calls within an hour.", who, span(talked))
		return
	}
	opens, closes := s.Number("opens"), s.Number("closes")
	if opens == closes {
		return
	}
	var outside []*correlate.Call
	for _, c := range list {
		hour := float64(time.Unix(0, c.Started).UTC().Hour())
		if open := hour >= opens && hour < closes; opens < closes && !open || opens > closes && hour >= closes && hour < opens {
			outside = append(outside, c)
		}
	}
	if float64(len(outside)) >= s.Number("outside") {
		say(outside, "%s made %s outside of the usual hours (%.0f to %.0f h UTC).", who, amount.Of(len(outside), "expensive call"), opens, closes)
	}
}

// mostTalked finds the hour in which most was talked: of calls that began in it.
func mostTalked(list []*correlate.Call, window time.Duration, now int64) (from, to int, most int64) {
	at, sum := 0, int64(0)
	for i, c := range list {
		sum += talked(c, now)
		for c.Started-list[at].Started > int64(window) {
			sum -= talked(list[at], now)
			at++
		}
		if sum > most {
			from, to, most = at, i+1, sum
		}
	}
	return from, to, most
}

// talked is how long a call has been up, ns.
func talked(c *correlate.Call, now int64) int64 {
	switch {
	case c.Answered == 0:
		return 0
	case c.Ended != 0:
		return max(c.Ended-c.Answered, 0)
	}
	return max(now-c.Answered, 0)
}

// unusual is the part of SEC-04 that learns: calls at once of an account, when
// the capture is long enough to know what is usual.
func (s *Survey) unusual() {
	learning := int64(s.Number("days") * 24 * float64(time.Hour))
	if s.Now-s.snap.First < learning {
		return
	}
	byAccount := make(map[string][]*correlate.Call)
	for _, c := range s.Calls {
		if c.Method == "INVITE" && c.Answered != 0 {
			byAccount[account(c.From)] = append(byAccount[account(c.From)], c)
		}
	}
	for _, who := range namesIn(byAccount) {
		s.unusualOf(who, byAccount[who], learning)
	}
}

// unusualOf compares the calls at once of an account with those of the time
// before, up to a day ago: what is unusual today is not to become usual.
func (s *Survey) unusualOf(who string, list []*correlate.Call, learning int64) {
	var ends []int64 // of the calls that are up
	var usual []int  // how often so many calls were up when one began
	levels, learned := make([]int, len(list)), 0
	for i, c := range list {
		ends = slices.DeleteFunc(ends, func(end int64) bool { return end <= c.Answered })
		ends = append(ends, c.Answered+talked(c, s.Now))
		levels[i] = len(ends)
		for ; c.Started-list[learned].Started > int64(24*time.Hour); learned++ {
			for len(usual) <= levels[learned] {
				usual = append(usual, 0)
			}
			usual[levels[learned]]++
		}
		n, p99 := levels[i], percentile99(usual, learned)
		if c.Started-s.snap.First < learning || learned == 0 || float64(n) <= 2*max(float64(p99), s.Number("least")) {
			continue
		}
		d := s.Find("%s had %s at once; 99 %% of the time before it had %s at most.", who, amount.Of(n, "call"), amount.Grouped(p99))
		d.About, d.Count = who, n
		d.callsIn(list[max(0, i-n+1) : i+1])
		return
	}
}

// percentile99 is the value that 99 % of n counted ones do not exceed.
func percentile99(counts []int, n int) int {
	need := int(math.Ceil(0.99 * float64(n)))
	for value, count := range counts {
		if need -= count; need <= 0 {
			return value
		}
	}
	return max(len(counts)-1, 0)
}

// wangiri is SEC-11.
func wangiri(s *Survey) {
	last, ring := int(s.Number("range")), int64(s.Number("ring")*1e9)
	ranges := make(map[string][]*correlate.Call)
	for _, c := range s.Calls {
		if c.Method != "INVITE" || c.State != correlate.StateCancelled || c.Ring < 0 || c.Ring >= ring {
			continue
		}
		if n := digitsOf(userOf(c.From)); len(n) > last+3 {
			ranges[n[:len(n)-last]] = append(ranges[n[:len(n)-last]], c)
		}
	}
	for _, r := range namesIn(ranges) {
		list := ranges[r]
		b := densest(len(list), int64(s.Number("window")*1e9), func(i int) int64 { return list[i].Started }, func(i int) string { return list[i].CallID })
		if float64(b.distinct) < s.Number("calls") {
			continue
		}
		d := s.Find("%s from numbers that begin with %s rang for less than %.0f s and were cancelled, within %s.", amount.Of(b.distinct, "call"), r,
			s.Number("ring"), span(list[b.to-1].Started-list[b.from].Started))
		d.About, d.Count = r, b.distinct
		d.callsIn(list[b.from:b.to])
	}
}

// robocalls is SEC-12.
func robocalls(s *Survey) {
	least := int(s.Number("calls"))
	s.callers.prepare(s.rows)
	counts := make([]int, s.callers.next)
	for i, c := range s.Calls {
		if c.Method == "INVITE" {
			counts[s.rows[i].caller]++
		}
	}
	many := make(map[string][]*correlate.Call)
	for i, c := range s.Calls {
		if c.Method == "INVITE" && counts[s.rows[i].caller] >= least {
			many[c.From] = append(many[c.From], c)
		}
	}
	for _, from := range namesIn(many) {
		s.robocallsFrom(from, many[from])
	}
}

func (s *Survey) robocallsFrom(from string, list []*correlate.Call) {
	b := densest(len(list), int64(s.Number("window")*1e9), func(i int) int64 { return list[i].Started }, func(i int) string { return list[i].CallID })
	if float64(b.distinct) < s.Number("calls") {
		return
	}
	list = list[b.from:b.to]
	callees := make(map[string]bool)
	var times []int64
	for _, c := range list {
		callees[account(c.To)] = true
		if c.Answered != 0 {
			times = append(times, talked(c, s.Now))
		}
	}
	slices.Sort(times)
	if len(times) == 0 || float64(times[len(times)/2]) >= s.Number("talk")*1e9 || float64(100*len(callees)) < s.Number("different")*float64(len(list)) {
		return
	}
	who := account(from)
	d := s.Find("%s made %s to %s callees within %s; half of those that were answered were talked for less than %s.", who, amount.Of(len(list), "call"), amount.Grouped(len(callees)),
		span(list[len(list)-1].Started-list[0].Started), span(times[len(times)/2]+1e8))
	d.About, d.Count = who, len(list)
	d.callsIn(list)
}
