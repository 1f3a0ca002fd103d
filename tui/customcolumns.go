package tui

import (
	"fmt"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	custom "sipsniff/internal/column"
)

// customPrio lets the columns that the user asked for stand back only behind
// those without which a list of calls is none.
const customPrio = 4

// mostCustom bounds the calls whose values are remembered; a screen has far
// fewer rows.
const mostCustom = 4096

// A customColumns has the values of --column of the calls that were drawn
// last: they are read from the messages, once for each change of a call.
type customColumns struct {
	set   custom.Set
	known map[int]customValues // by Call.Index
}

type customValues struct {
	of     *correlate.Call
	values []string
}

func (k *customColumns) value(c *correlate.Call, i int) string {
	v := k.known[c.Index]
	if v.of != c {
		if k.known == nil || len(k.known) >= mostCustom {
			k.known = make(map[int]customValues)
		}
		v = customValues{c, k.set.Values(c)}
		k.known[c.Index] = v
	}
	return v.values[i]
}

// customColumns are the columns of --column, behind the others.
func (v *callsView) customColumns() []column {
	out := make([]column, len(v.custom.set))
	for i := range out {
		out[i] = v.column(column{
			id: fmt.Sprint("custom", i+1), title: v.u.clean(v.custom.set[i].Name), min: 8, ideal: 12, max: 40, prio: customPrio, elastic: true,
		}, func(c *correlate.Call, width int) cell {
			return cell{text: cells.CutMiddle(v.u.clean(v.custom.value(c, i)), width, v.u.set.Ellipsis)}
		})
	}
	return out
}
