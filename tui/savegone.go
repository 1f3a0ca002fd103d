package tui

import (
	"fmt"

	"sipsniff/correlate"
)

// gone are the calls among those chosen of which packets of media have left the spool.
func (d *saveDialog) gone() (calls []*correlate.Call, since int64) {
	f := d.formats[d.format]
	if d.u.config.Save.MediaSince == nil || !d.counted() || !f.Packets && f.Name != "wav" || f.Packets && d.packets == int(SaveSignalling) {
		return nil, 0
	}
	if since = d.u.config.Save.MediaSince(); since == 0 {
		return nil, 0
	}
	for _, c := range d.tally.calls {
		for _, s := range streamsIn(d.tally.of.snap, c) {
			if s.First < since {
				calls = append(calls, c)
				break
			}
		}
	}
	return calls, since
}

// goneLines say so; nothing when all is there.
func (d *saveDialog) goneLines(w int) (lines []textLine) {
	calls, since := d.gone()
	if len(calls) == 0 {
		return nil
	}
	u := d.u
	which := fmt.Sprintf("#%d", calls[0].Index)
	if len(calls) > 1 {
		which += " and " + plural(len(calls)-1, "other call")
	}
	text := fmt.Sprintf("%s RTP of %s before %s is gone (spool limit): its signalling will be saved, the media from then on.", u.set.Warn, which, u.at(since).Format("15:04:05"))
	for _, part := range wrapWords(text, w) {
		lines = append(lines, textLine{{part, roleWarn}})
	}
	return lines
}
