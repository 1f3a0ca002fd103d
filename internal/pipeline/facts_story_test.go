package pipeline_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// holdTolerance is how much longer, in ms, a pause of a scenario may have
// taken than it says: SIPp shares two processors with the programs around it.
const holdTolerance = 150

// A toldCall is what the JSON report tells of a call, as far as facts.tsv
// knows about that.
type toldCall struct {
	CallID      string `json:"call_id"`
	From        string
	State       string
	EndedBy     string  `json:"ended_by"`
	FinalStatus int     `json:"final_status"`
	HoldTime    float64 `json:"hold_ms"`
	Duration    float64 `json:"duration_ms"`
	Story       []struct{ Event string }
	Holds       []struct{ Method string }
	Transfers   []struct{ Kind, Outcome string }
	Branches    []struct{ Status int }
	Redirects   []struct {
		Status int
		CallID string `json:"call_id"`
	}
	Conference    *struct{ Members []string }
	TransferredBy string `json:"transferred_by"`
	RedirectedBy  string `json:"redirected_by"`
	Replaces      string
	ReplacedBy    string `json:"replaced_by"`
	Joins         string
	Legs          []string
}

// addStoryFacts spells what the JSON report tells of each call: keys
// call.ID.WHAT, where ID is the Call-ID up to its host.
func addStoryFacts(t testing.TB, f map[string]string, document []byte) {
	var told struct{ Calls []toldCall }
	if err := json.Unmarshal(document, &told); err != nil {
		t.Fatal(err)
	}
	var sizes []string
	callers := make(map[string]string) // the last digits of their numbers, which every hop leaves alone
	for i := range told.Calls {
		user, _, _ := strings.Cut(told.Calls[i].From, "@")
		callers[told.Calls[i].CallID] = user[max(0, len(user)-4):]
	}
	for i := range told.Calls {
		c := &told.Calls[i]
		f["call."+word(c.CallID)+".leg_callers"] = joined(append([]string{c.CallID}, c.Legs...), func(id string) string { return callers[id] })
		for key, value := range c.facts() {
			f["call."+word(c.CallID)+"."+key] = value
		}
		if first := slices.Min(append([]string{c.CallID}, c.Legs...)); len(c.Legs) > 0 && first == c.CallID { // once for each group
			sizes = append(sizes, strconv.Itoa(len(c.Legs)+1))
		}
	}
	f["legs"] = strings.Join(sizes, ",")
}

// word is what stands before the host in a Call-ID.
func word(callID string) string {
	before, _, _ := strings.Cut(callID, "@")
	return before
}

func (c *toldCall) facts() map[string]string {
	f := map[string]string{
		"state": c.State, "ended_by": c.EndedBy, "final_status": strconv.Itoa(c.FinalStatus),
		"holds": strconv.Itoa(len(c.Holds)), "hold_ms": fmt.Sprint(c.HoldTime), "duration_ms": fmt.Sprint(c.Duration),
		"transferred_by": word(c.TransferredBy), "redirected_by": word(c.RedirectedBy),
		"replaces": word(c.Replaces), "replaced_by": word(c.ReplacedBy), "joins": word(c.Joins),
		"leg_count": strconv.Itoa(len(c.Legs)), "legs": joined(c.Legs, word), "conference": "0",
		"transfers": joined(c.Transfers, func(x struct{ Kind, Outcome string }) string { return x.Kind + " " + x.Outcome }),
		"branches":  joined(c.Branches, func(x struct{ Status int }) string { return strconv.Itoa(x.Status) }),
	}
	var redirects []string
	for _, x := range c.Redirects {
		redirects = append(redirects, strings.TrimSpace(strconv.Itoa(x.Status)+" "+word(x.CallID)))
	}
	f["redirects"] = strings.Join(redirects, " ")
	if c.Conference != nil {
		f["conference"] = strconv.Itoa(len(c.Conference.Members))
	}
	events := make(map[string]int)
	for _, s := range c.Story {
		events[s.Event]++
	}
	for _, event := range storyFacts {
		f["story."+event] = strconv.Itoa(events[event])
	}
	return f
}

// storyFacts are the events that facts.tsv counts; one that did not happen
// counts 0.
var storyFacts = []string{
	"cancel_crossed", "cancelled", "glare", "codec_changed", "bye", "early_media", "prack", "update", "hold", "t38_started", "t38_refused",
	"media_moved", "media_added", "media_removed", "refreshed", "interval_too_small", "retried", "forwarded", "diverted", "tried_next",
	"forked", "answered_also", "branch_ended",
}

func joined[T any](list []T, spell func(T) string) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = spell(x)
	}
	return strings.Join(words, " ")
}

// compareTime compares milliseconds: at least what the pauses add up to.
func compareTime(t *testing.T, key, got, want string) {
	t.Helper()
	a, err := strconv.ParseFloat(got, 64)
	if err != nil {
		t.Fatal(err)
	}
	b, err := strconv.ParseFloat(want, 64)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(a-b-holdTolerance/2) > holdTolerance/2 {
		t.Errorf("%s is %s, must be %s to %.0f", key, got, want, b+holdTolerance)
	}
}
