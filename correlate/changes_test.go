package correlate

import (
	"fmt"
	"slices"
	"testing"
)

func TestChanges(t *testing.T) {
	calls := make([]*Call, 10)
	for i := range calls {
		calls[i] = &Call{Index: i}
	}
	other := func(index int) *Call { return &Call{Index: index, MessageCount: 1} }
	for _, c := range []struct {
		name        string
		before, now []*Call
		want        []string
	}{
		{"nothing at all", nil, nil, nil},
		{"the same", calls, slices.Clone(calls), nil},
		{"all came", nil, calls[:2], []string{"+0", "+1"}},
		{"all left", calls[:2], nil, []string{"-0", "-1"}},
		{"one at the end", calls[:3], calls[:4], []string{"+3"}},
		{"the first left", calls[:3], calls[1:3], []string{"-0"}},
		{"one between", slices.Concat(calls[:2], calls[3:5]), calls[:5], []string{"+2"}},
		{"one changed, one left, one came", []*Call{calls[1], calls[2], calls[4]}, []*Call{other(1), calls[3], calls[4]}, []string{"~1", "-2", "+3"}},
		{"the last changed", calls[:3], []*Call{calls[0], calls[1], other(2)}, []string{"~2"}},
	} {
		var got []string
		for was, is := range Changes(c.before, c.now) {
			switch {
			case was == nil:
				got = append(got, fmt.Sprint("+", is.Index))
			case is == nil:
				got = append(got, fmt.Sprint("-", was.Index))
			case was.Index == is.Index && was.MessageCount == 0 && is.MessageCount == 1:
				got = append(got, fmt.Sprint("~", is.Index))
			default:
				t.Errorf("%s: %d for %d", c.name, is.Index, was.Index)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	for range Changes(calls, nil) {
		break // a loop may end before the lists do
	}
}
