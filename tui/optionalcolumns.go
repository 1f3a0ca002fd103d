package tui

import (
	"strings"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
)

// optionalColumns are those that the list has when they are asked for.
func (v *callsView) optionalColumns() []column {
	return []column{
		v.column(column{id: "why", title: "Why", min: 16, ideal: 40, max: 80, prio: 13, elastic: true, optional: true}, v.verdict),
		v.column(column{id: "agent", title: "User-Agent", min: 10, ideal: 20, max: 40, prio: 13, elastic: true, optional: true}, v.agent),
		v.column(column{id: "transport", title: "Transport", short: "Tr", min: 4, ideal: 4, max: 9, prio: 13, elastic: true, optional: true}, v.transport),
	}
}

// verdict is what best explains the call, "" when nothing needs to be explained.
func (v *callsView) verdict(c *correlate.Call, width int) cell {
	list := v.u.found.of(c.Index)
	if len(list) == 0 {
		return cell{}
	}
	return cell{text: cells.Cut(v.u.clean(list[0].Title), width, v.u.set.Ellipsis), role: severityRole(list[0].Severity)}
}

func (v *callsView) agent(c *correlate.Call, width int) cell {
	return cell{text: cells.CutMiddle(v.u.clean(c.UserAgent), width, v.u.set.Ellipsis)}
}

func (v *callsView) transport(c *correlate.Call, _ int) cell {
	return cell{text: strings.ToUpper(c.Transport.String())}
}
