package tui

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"sipsniff/correlate"
	"sipsniff/internal/cells"
	"sipsniff/internal/settings"
	"sipsniff/tui/glyph"
)

// The smallest terminal that something can be drawn on.
const (
	leastWidth  = 40
	leastHeight = 10
)

// A view is a screen: the list, or what was opened from it.
type view interface {
	context() Context
	refresh()      // the snapshot is another one
	move(m motion) // a movement key
	draw(c canvas) // everything but the hint line
}

// UI is the state of the screens. It belongs to tview's event loop.
type UI struct {
	config Config
	app    *tview.Application
	screen tcell.Screen
	cancel context.CancelCauseFunc // ends Run

	keys      *keyTable
	theme     theme
	set       glyph.Set
	clean     func(string) string
	now       func() time.Time
	started   time.Time
	stoppedAt time.Time // when nothing more came; zero before

	snap    *correlate.Snapshot // what is shown
	byIndex []*correlate.Call   // its calls, see callAt
	latest  *correlate.Snapshot // what was published last; another one while frozen
	frozen  *freeze
	status  Status
	rate    rate
	frame   frame

	workshop       workshop
	problems       int // calls with a problem, of found
	judging        judging
	found          *findings // about the calls of snap; nil while nothing was looked for
	filters        filterStore
	drops          dropLog
	bound          map[int]int // call by stream ID, by hand
	pairs          streamPairs
	streamsOffered bool
	width          int // of the screen at the last drawing

	calls     *callsView
	tabs      []tab
	drag      func(x, y int) // follows the mouse while its button is held; nil for nothing
	zones     []zone         // what can be clicked, of the last drawing
	flow      flowSettings
	noReasons bool               // the user closed the reasons that a tall screen had below all legs
	whyRows   int                // of the pane that says why, as dragged; 0: as many as it needs
	marked    *correlate.Message // for a comparison, on the message screen
	stack     []view             // calls, and what was opened on top of it
	dialog    dialog
	prompt    *prompt
	toast     string // said in the row above the hints until the next key
	mouse     bool

	owes        atomic.Bool // something was put off until it is due
	limits      limits
	names       dnsNames
	looks       int               // counts changes of what text looks like
	letters     bool              // hints show letters instead of function keys
	localTime   *time.Location    // of the machine, or the one of the tests
	chosen      map[string]string // options of this session
	pace        *pace             // how often news are drawn; nil in tests without an event loop
	cleared     cleared
	saving      *saving             // a file that is being written, nil for none
	lastSave    *saveDialog         // that began it
	savedAll    *correlate.Snapshot // of which every packet is in a file; nil for none
	interrupted time.Time           // when ^C was pressed last
	past        []string            // commands, the latest last
	pastFailed  bool                // it was said that they cannot be kept
	told        map[string]int      // how often a hint was given
}

// A freeze remembers when the view was held.
type freeze struct {
	snap   *correlate.Snapshot // with what was cleared away
	at     time.Time
	frames uint64
}

// A dialog lies over a view and takes its keys.
type dialog interface {
	context() Context
	draw(u *UI, c canvas)
	// other handles a key that is not in the key table; a dialog that closes
	// itself may want the key executed by what is below it.
	other(u *UI, ev *tcell.EventKey)
}

func newUI(c Config, screen tcell.Screen, cancel context.CancelCauseFunc) (*UI, error) {
	if c.Location == nil {
		c.Location = time.Local
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Settings == nil {
		c.Settings = settings.None()
	}
	u := &UI{
		config: c, app: tview.NewApplication(), screen: screen, cancel: cancel,
		now: c.Now, started: c.Now(), localTime: c.Location, chosen: map[string]string{},
	}
	maps.Copy(u.chosen, c.Chosen)
	var err error
	if u.keys, err = u.keyTable(nil); err != nil {
		return nil, err
	}
	cells.Ambiguous(u.wideAmbiguous())
	u.applyLooks()
	u.snap = &correlate.Snapshot{}
	u.calls = newCallsView(u)
	u.tabs = newTabs(u)
	u.stack = []view{u.calls}
	u.mouse = true
	u.applyHabits(func(key string) bool { _, chosen := u.chosen[key]; return chosen || u.written(key) })
	u.show(c.Snapshot(), c.Status())
	u.calls.seen = u.calls.Len()
	u.filters.saved = maps.Clone(c.Filters)
	u.filters.write = c.SaveFilter
	u.recall(c.Past)
	u.say("%s", u.unheeded(map[string]string{"display.lines": u.option("display.lines")}))
	if c.Filter != nil && len(c.Filter.Hints()) > 0 {
		u.say("%s", strings.Join(c.Filter.Hints(), "; "))
	}
	return u, nil
}

// show takes in what was published last.
func (u *UI) show(snap *correlate.Snapshot, s Status) {
	u.status = s
	if s.Done && u.stoppedAt.IsZero() {
		u.stoppedAt = u.now()
	}
	u.rate.sample(&s, u.now().UnixNano())
	u.drops.sample(&s, u.now().UnixNano())
	changed := u.latest != snap
	u.latest = snap
	if changed && u.frozen == nil {
		u.take(snap)
	}
	u.openStreams()
	u.catchUp()
}

// catchUp begins what was put off and is due by now, and notes whether more is.
func (u *UI) catchUp() {
	u.calls.recount()
	u.diagnose()
	u.owes.Store(u.unjudged() || u.calls.behind())
}

// openStreams shows the streams of a file that has no SIP, once: the list of
// calls would be empty.
func (u *UI) openStreams() {
	if u.streamsOffered || u.config.Live || !u.status.Done || len(u.snap.Calls) > 0 || len(u.snap.Streams) == 0 || len(u.stack) != 1 {
		return
	}
	u.streamsOffered = true
	u.openTab(tabStreams)
}

func (u *UI) take(snap *correlate.Snapshot) {
	snap = u.cleared.apply(snap)
	u.snap, u.byIndex = snap, inIndexOrder(u.byIndex, snap.Calls)
	for _, v := range u.stack {
		v.refresh()
	}
	u.diagnose()
}

// toggleFreeze holds the view, or catches up. Capturing goes on meanwhile.
func (u *UI) toggleFreeze() {
	if u.frozen != nil {
		u.frozen = nil
		u.take(u.latest)
		return
	}
	u.frozen = &freeze{snap: u.latest, at: u.now(), frames: u.status.Frames}
}

func (u *UI) top() view { return u.stack[len(u.stack)-1] }

func (u *UI) push(v view) {
	if below, ok := u.top().(interface{ rows() *vlist }); ok {
		below.rows().settle()
	}
	v.refresh()
	u.stack = append(u.stack, v)
}

// back closes what was opened last.
func (u *UI) back() {
	if len(u.stack) > 1 {
		u.stack = u.stack[:len(u.stack)-1]
	}
}

// A paned view has panes with keys of their own. The pane that has the focus
// gets a key first, then the view; 0 is no pane.
type paned interface{ pane() Context }

// places are where a key is going to, the nearest first.
func (u *UI) places() []Context {
	if u.dialog != nil {
		return []Context{u.dialog.context()}
	}
	return u.screenPlaces()
}

// screenPlaces are where a key goes to when no dialog is open.
func (u *UI) screenPlaces() []Context {
	if p, ok := u.top().(paned); ok && p.pane() != 0 {
		return []Context{p.pane(), u.top().context()}
	}
	return []Context{u.top().context()}
}

// action finds what a key does where it is going to; nil for nothing.
func (u *UI) action(key string) *Action {
	for _, place := range u.places() {
		if a := u.keys.find(place, key); a != nil {
			return a
		}
	}
	return nil
}

// say has a line stand above the hints until the next key. What is said may hold
// text from the wire, the disk or the keyboard: it is made safe for the screen here.
func (u *UI) say(format string, args ...any) { u.toast = u.clean(fmt.Sprintf(format, args...)) }

// key runs the action of a key.
func (u *UI) key(ev *tcell.EventKey) {
	u.toast = ""
	if u.prompt != nil {
		u.prompt.key(u, ev)
		return
	}
	a := u.action(keyName(ev))
	switch {
	case a == nil && u.dialog != nil:
		u.dialog.other(u, ev)
	case a != nil && (a.Enabled == nil || a.Enabled(u)):
		a.Run(u)
	}
}

// draw draws everything on the screen.
func (u *UI) draw(screen tcell.Screen) {
	w, h := screen.Size()
	u.width = w
	u.drawFrame(u.frame.begin(w, h))
	u.frame.show(screen)
}

func (u *UI) drawFrame(c canvas) {
	w, h := c.w, c.h
	u.zones = u.zones[:0]
	if w < leastWidth || h < leastHeight {
		u.drawTooSmall(c)
		return
	}
	u.top().draw(c.part(0, 0, w, h-1))
	if u.dialog != nil {
		u.zones = u.zones[:0] // what lies below it is out of reach
		u.dialog.draw(u, c.part(0, 0, w, h-1))
	}
	if u.prompt != nil {
		u.zones = u.zones[:0] // what is typed has to be finished first
		u.prompt.drawHints(u, c.part(0, h-1, w, 1))
	} else {
		u.drawHints(c.part(0, h-1, w, 1))
	}
	u.drawMessageRow(c.part(0, h-2, w, 1))
}

// drawMessageRow shows a prompt or a note over the row above the hints.
func (u *UI) drawMessageRow(c canvas) {
	switch {
	case u.prompt != nil:
		u.prompt.draw(u, c)
	case u.toast != "":
		c.clear(u.theme[rolePlain])
		c.text(1, 0, cells.Cut(u.toast, c.w-2, u.set.Ellipsis), u.theme[roleToast])
	}
}

// rule draws a horizontal line with a title at its left and a note at its
// right.
func (u *UI) rule(c canvas, y int, title, note string) {
	style := u.theme[roleDim]
	for x := range c.w {
		c.text(x, y, u.set.Rule, style)
	}
	room := c.w - 6
	if note != "" && cells.Width(note)+20 < room {
		c.right(c.w-2, y, " "+note+" ", u.theme[rolePlain])
		room -= cells.Width(note) + 2
	}
	if title != "" {
		c.text(2, y, " "+cells.Cut(title, room, u.set.Ellipsis)+" ", u.theme[rolePlain])
	}
}
