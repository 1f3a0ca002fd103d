package metrics

import (
	"slices"
	"strings"

	"sipsniff/decode/sip"
)

// A ResponseTime is how long the requests of one method waited for their
// first response, 100 included.
type ResponseTime struct {
	Method   string // as registered; "other" of the rest
	Back     bool   // against the direction of the calls: sent by the callee's side
	Requests int    // without copies
	Distribution
}

func (r *ResponseTime) merge(o *ResponseTime) {
	r.Requests += o.Requests
	r.Distribution.merge(&o.Distribution)
}

// response finds the entry of a method and a direction, or makes it. The
// pointer is good until the next one is made.
func (s *Summary) response(method string, back bool) *ResponseTime {
	for i := range s.Responses {
		if r := &s.Responses[i]; r.Back == back && r.Method == method {
			return r
		}
	}
	if !sip.KnownMethod(method) && method != otherMethod {
		return s.response(otherMethod, back) // strangers may send any word
	}
	s.Responses = append(s.Responses, ResponseTime{Method: method, Back: back})
	return &s.Responses[len(s.Responses)-1]
}

const otherMethod = "other"

func sortResponses(list []ResponseTime) {
	slices.SortFunc(list, func(a, b ResponseTime) int {
		if c := strings.Compare(a.Method, b.Method); c != 0 {
			return c
		}
		if a.Back != b.Back {
			if b.Back {
				return -1
			}
			return 1
		}
		return 0
	})
	for i := range list {
		list[i].finish()
	}
}
