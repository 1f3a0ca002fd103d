package metrics

import (
	"fmt"
	"net/netip"
	"testing"

	"sipsniff/correlate"
	"sipsniff/decode/sip"
)

func ip(n int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), 5060)
}

// Strangers cannot make rows, methods or waiting requests without end.
func TestMorePairsThanRows(t *testing.T) {
	s := &correlate.Snapshot{First: epoch, Last: epoch + 10*second}
	for n := range maxRows + 500 {
		source, destination := ip(n), ip(1<<20)
		m := &correlate.Message{Nanos: epoch + 1, Src: source, Dst: destination, Method: "INVITE", CSeq: sip.CSeq{Number: 1, Method: "INVITE"}}
		s.Calls = append(s.Calls, (&correlate.Call{Started: epoch + 1, Attempt: correlate.Attempt{
			Source: source, Destination: destination, State: correlate.StateBusy, FinalStatus: 486, Counted: epoch + 1, Decided: epoch + 2}}).WithMessages([]*correlate.Message{m}))
	}
	r := Of(s)
	if len(r.Pairs) != maxRows || r.Others == nil || r.Others.Attempts != 500 || r.Others.Forward.Messages != 500 {
		t.Fatalf("%d rows, others %+v", len(r.Pairs), r.Others)
	}
	if r.Total.Attempts != maxRows+500 || r.Total.Finals[486] != maxRows+500 || r.Total.Rate.Peak != maxRows+500 {
		t.Errorf("%d attempts in total, %d in a second", r.Total.Attempts, r.Total.Rate.Peak)
	}
	if rows := r.ByDestination(); len(rows) != 1 || rows[0].Attempts != maxRows {
		t.Errorf("%d destinations", len(rows))
	}
}

func TestWordsOfStrangersAsMethods(t *testing.T) {
	var list []*correlate.Message
	for n := range 5000 {
		method := fmt.Sprint("WORD", n)
		list = append(list,
			&correlate.Message{Nanos: epoch + int64(n), Src: ip(1), Dst: ip(2), Method: method, CSeq: sip.CSeq{Number: 7, Method: method}})
	}
	list = append(list, &correlate.Message{Nanos: epoch + second, Src: ip(2), Dst: ip(1), StatusCode: 501,
		CSeq: sip.CSeq{Number: 7, Method: "WORD4999"}})
	c := (&correlate.Call{Started: epoch}).WithMessages(list)
	r := Of(&correlate.Snapshot{First: epoch, Last: epoch + second, Calls: []*correlate.Call{c}})
	if len(r.Total.Responses) != 1 || r.Total.Responses[0].Method != "other" || r.Total.Responses[0].Requests != 5000 || r.Total.Responses[0].Count() != 1 {
		t.Errorf("%+v", r.Total.Responses)
	}
}

// Two requests that differ in their branch only are told apart by it.
func TestResponsesFindTheirBranch(t *testing.T) {
	send := func(nanos int64, status int, branch string) *correlate.Message {
		m := &correlate.Message{Nanos: epoch + nanos, Src: ip(1), Dst: ip(2), Method: "INVITE", CSeq: sip.CSeq{Number: 1, Method: "INVITE"}, Branch: branch}
		if status != 0 {
			m.Method, m.StatusCode, m.Src, m.Dst = "", status, m.Dst, m.Src
		}
		return m
	}
	c := (&correlate.Call{Started: epoch}).WithMessages([]*correlate.Message{
		send(0, 0, "x"), send(1e6, 0, "y"), send(11e6, 180, "x"), send(12e6, 180, "z"), send(13e6, 200, "x"), send(31e6, 100, "y"),
	})
	r := Of(&correlate.Snapshot{First: epoch, Last: epoch + second, Calls: []*correlate.Call{c}})
	check{t, &r.Total}.values("INVITE", &r.Total.response("INVITE", false).Distribution, 11, 30)
}

func TestManyRegistersWait(t *testing.T) {
	var list []*correlate.Message
	for n := range 3 * openRegisters {
		list = append(list, &correlate.Message{Nanos: epoch + int64(n)*second, Src: ip(1), Dst: ip(2), Method: "REGISTER",
			CSeq: sip.CSeq{Number: uint32(n), Method: "REGISTER"}})
	}
	c := (&correlate.Call{Method: "REGISTER", Started: epoch}).WithMessages(list)
	r := Of(&correlate.Snapshot{First: epoch, Last: epoch + 60*second, Calls: []*correlate.Call{c}})
	// Sent in the seconds 0 to 47; at 60 those up to 28 have waited for 32 s.
	if got := [...]int{r.Total.Registrations, r.Total.RegistrationsFailed, r.Total.RegistrationsPending}; got != [...]int{29, 29, 19} {
		t.Errorf("%v", got)
	}
}
