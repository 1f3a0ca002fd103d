package tui

import (
	"fmt"
	"hash/fnv"
	"time"

	"sipsniff/correlate"
	"sipsniff/tui/figure"
)

// clockMode chooses what the times of the list count from.
type clockMode uint8

const (
	clockAbsolute clockMode = iota
	clockSinceStart
	clockAgo
	clockModes
)

// clockNames are the values of display.clock, by mode.
var clockNames = [clockModes]string{clockAbsolute: "absolute", clockSinceStart: "start", clockAgo: "ago"}

// clockTitles are the heads of the column.
var clockTitles = [clockModes]string{clockAbsolute: "Time", clockSinceStart: "Since", clockAgo: "Ago"}

// nextClock steps to another clock.
func (v *callsView) nextClock() {
	v.clock = (v.clock + 1) % clockModes
	v.u.chosen["display.clock"] = clockNames[v.clock]
	v.u.say("%s", [...]string{"time of day", "time since the first packet", "how long ago; of a file, before its last packet"}[v.clock])
}

// time is when the call began.
func (v *callsView) time(c *correlate.Call, width int) cell {
	u := v.u
	switch {
	case c.Started == 0:
		return cell{}
	case v.clock == clockSinceStart && u.beginning() > 0:
		return cell{text: since(c.Started-u.beginning(), width)}
	case v.clock == clockAgo:
		return cell{text: figure.Uptime(time.Duration(max(0, u.present64()-c.Started)))}
	case width >= 12:
		return cell{text: u.at(c.Started).Format("15:04:05.000")}
	}
	return cell{text: u.at(c.Started).Format("15:04:05")}
}

// beginning is the time of the first packet, Unix ns; 0 when nobody knows.
func (u *UI) beginning() int64 {
	if u.status.First > 0 {
		return u.status.First
	}
	if len(u.snap.Calls) > 0 {
		return u.snap.Calls[0].Started
	}
	return 0
}

// present64 is what "ago" counts back from, Unix ns: the clock of the machine
// while a capture goes on, the last packet of what is over.
func (u *UI) present64() int64 {
	switch {
	case u.frozen != nil:
		return u.frozen.at.UnixNano()
	case u.config.Live && !u.status.Done:
		return u.now().UnixNano()
	}
	return max(u.status.Last, u.snap.Last)
}

// since writes how long after the beginning something was: "2:31", "2:31.402",
// "1:02:07".
func since(nanos int64, width int) string {
	sign := ""
	if nanos < 0 {
		sign, nanos = "-", -nanos
	}
	text := sign + figure.Clock(nanos)
	if fine := fmt.Sprintf("%s.%03d", text, nanos/1e6%1000); len(fine) <= width && width >= 12 {
		return fine
	}
	return text
}

// listColour chooses what the colours of the parties in the list tell apart.
type listColour uint8

const (
	byState     listColour = iota // of the state alone
	bySource                      // who sent the first request
	byWholeCall                   // the legs of one call have the same
	listColours
)

// nextColours colours the parties by something else.
func (v *callsView) nextColours() {
	v.colours = (v.colours + 1) % listColours
	v.u.say("colours by %s", [...]string{"state", "source", "call: its legs have the same"}[v.colours])
}

// partyRoles are the colours that are handed out.
var partyRoles = [...]role{roleTag, roleTagB, roleTagC, roleTagD, roleUser, roleName}

// partyRole is the colour of the parties of a call.
func (v *callsView) partyRole(c *correlate.Call) role {
	switch v.colours {
	case bySource:
		h := fnv.New32a()
		address := c.Source.Addr().As16()
		_, _ = h.Write(address[:]) // a hash never fails
		return partyRoles[h.Sum32()%uint32(len(partyRoles))]
	case byWholeCall:
		return partyRoles[c.Joined()[0]%len(partyRoles)]
	}
	return rolePlain
}
