package filter

import (
	"strings"
	"time"
)

// A moment is a stretch of time as it was written: a minute, a second, a day.
// It holds from its first nanosecond to before the one that it ends with.
type moment struct {
	kind        momentKind
	begins, end int64 // of onDay: ns since midnight; of absolute: Unix ns
	days        int   // of relative: days before that of the last packet
}

type momentKind uint8

const (
	absolute momentKind = iota
	onDay               // a time of day, of any day
	relative            // today, yesterday
)

// moments reads one value: a moment or a range.
func (c *compiler) moments(v value) (first, last moment, err error) {
	from, to, ranged := strings.Cut(v.text, "..")
	if !ranged {
		first, ok := c.moment(v.text)
		if !ok {
			return first, first, unreadableTime(v)
		}
		return first, first, nil
	}
	first, fromOK := c.moment(from)
	last, toOK := c.moment(to)
	switch {
	case from == "" && toOK:
		first = moment{kind: last.kind, begins: -1 << 63}
		if last.kind == relative {
			first.kind = absolute
		}
	case to == "" && fromOK:
		last = moment{kind: first.kind, end: 1<<63 - 1}
		if first.kind == relative {
			last.kind = absolute
		}
	case !fromOK || !toOK:
		return first, last, unreadableTime(v)
	case (first.kind == onDay) != (last.kind == onDay):
		return first, last, faultAt(v.at, "%s is from a time of day to a date: write both ends alike", v.text)
	}
	return first, last, nil
}

func unreadableTime(v value) error {
	return unfinished(v.at, "%q is no time such as 12:05, 12:05:30, 2026-11-23, 2026-11-23T12:05 or today", v.text)
}

// moment reads a time of day, a date, both, "today" or "yesterday".
func (c *compiler) moment(text string) (moment, bool) {
	switch lowerCase.fold(text) {
	case "today":
		return moment{kind: relative}, true
	case "yesterday":
		return moment{kind: relative, days: 1}, true
	}
	for _, layout := range [...]struct {
		text string
		unit time.Duration
	}{
		{"15:04", time.Minute}, {"15:04:05", time.Second},
		{"2006-01-02T15:04", time.Minute}, {"2006-01-02T15:04:05", time.Second}, {"2006-01-02", 0},
	} {
		t, err := time.ParseInLocation(layout.text, text, c.location)
		if err != nil || t.Year() != 0 && (t.Year() < 1700 || t.Year() > 2200) {
			continue
		}
		unit := layout.unit
		if _, fraction, found := strings.Cut(text, "."); found {
			for unit = time.Second; fraction != "" && unit > 1; fraction = fraction[1:] {
				unit /= 10
			}
		}
		return c.stretch(t, unit), true
	}
	return moment{}, false
}

// stretch is the moment that begins at t. A time without a date is of the
// year 0.
func (c *compiler) stretch(t time.Time, unit time.Duration) moment {
	if t.Year() == 0 {
		begins := sinceMidnight(t)
		return moment{kind: onDay, begins: begins, end: begins + int64(unit)}
	}
	if unit == 0 {
		return moment{begins: t.UnixNano(), end: t.AddDate(0, 0, 1).UnixNano()}
	}
	return moment{begins: t.UnixNano(), end: t.UnixNano() + int64(unit)}
}

func sinceMidnight(t time.Time) int64 {
	h, m, s := t.Clock()
	return int64(h)*int64(time.Hour) + int64(m)*int64(time.Minute) + int64(s)*int64(time.Second) + int64(t.Nanosecond())
}

// compileTime compiles a field that is a point in time.
func (c *compiler) compileTime(n *comparison) (part, error) {
	tests := make([]timeTest, len(n.values))
	for i, v := range n.values {
		first, last, err := c.moments(v)
		if err != nil {
			return part{}, err
		}
		if n.op.ordered() && strings.Contains(v.text, "..") {
			return part{}, faultAt(v.at, "%s%s takes one time", n.field.name, n.op)
		}
		tests[i] = timeTest{first, last, n.op, c.location}
	}
	get := n.field.instant
	if get == nil {
		return part{never, 0}, nil
	}
	return part{func(s subject) bool {
		nanos := get(s)
		if nanos == 0 {
			return false
		}
		for i := range tests {
			if tests[i].has(nanos, s.in.snap.Last) {
				return n.op != different
			}
		}
		return n.op == different
	}, costText}, nil
}

// A timeTest compares points in time with a stretch.
type timeTest struct {
	first, last moment
	op          operator
	location    *time.Location
}

// has reports whether nanos is in the stretch; of an ordered operator,
// whether it stands in that order to it. latest is the last packet.
func (t *timeTest) has(nanos, latest int64) bool {
	begins, end := t.first.begins, t.last.end
	if t.first.kind == onDay || t.last.kind == onDay {
		nanos = sinceMidnight(time.Unix(0, nanos).In(t.location))
	}
	if t.first.kind == relative {
		begins = t.midnight(latest, t.first.days)
	}
	if t.last.kind == relative {
		end = t.midnight(latest, t.last.days-1)
	}
	switch t.op {
	case less:
		return nanos < begins
	case lessEqual:
		return nanos < end
	case greater:
		return nanos >= end
	case greaterEqual:
		return nanos >= begins
	}
	if t.first.kind == onDay && begins >= end { // over midnight
		return nanos >= begins || nanos < end
	}
	return nanos >= begins && nanos < end
}

// midnight is the beginning of the day that is so many days before latest.
func (t *timeTest) midnight(latest int64, days int) int64 {
	y, m, d := time.Unix(0, latest).In(t.location).Date()
	return time.Date(y, m, d-days, 0, 0, 0, 0, t.location).UnixNano()
}
