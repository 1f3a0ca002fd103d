package tui

// A columnTable is a table on a screen whose columns can be chosen.
type columnTable struct {
	option  string // that keeps the choice
	presets []columnPreset

	// all are the columns that there are on a screen so wide; those that it does
	// not show by itself are optional.
	all func(width int) []column
	// fit lays out some of them there.
	fit func(columns []column, width int) (shown []placed, hidden int)
}

// tabled is a view with such a table.
type tabled interface{ columnTable() columnTable }

// tableInSight is the table of the view on top, else that of the calls.
func (u *UI) tableInSight() columnTable {
	if v, ok := u.top().(tabled); ok {
		return v.columnTable()
	}
	return u.calls.columnTable()
}

// hasTable reports whether the view on top has one.
func (u *UI) hasTable() bool {
	_, ok := u.top().(tabled)
	return ok
}

func (v *callsView) columnTable() columnTable {
	return columnTable{
		option: "calls.columns", presets: columnPresets,
		all: func(width int) []column { return v.allColumns(max(width, narrowWidth)) },
		fit: v.list.fit,
	}
}

func (v *streamsView) columnTable() columnTable {
	return columnTable{option: "streams.columns", presets: streamPresets, all: v.allColumns, fit: v.list.fit}
}

func (v *registrationsView) columnTable() columnTable {
	return columnTable{option: "registrations.columns", presets: usualColumns, all: v.allColumns, fit: v.list.fit}
}

func (v *mediaView) columnTable() columnTable {
	return columnTable{option: "media.columns", presets: mediaPresets, all: v.allColumns, fit: v.fit}
}

// fit lays out columns of a list on a screen so wide.
func (v *vlist) fit(columns []column, width int) (shown []placed, hidden int) {
	return layout(v.withWidths(columns, width-1), width-v.gutter-1, 0)
}

// usualColumns is no choice but that of the table itself.
//
//nolint:gochecknoglobals // constants
var usualColumns = []columnPreset{{"default", ""}}

//nolint:gochecknoglobals // constants
var streamPresets = []columnPreset{
	{"default", ""},
	{"quality", "source destination codec packets loss jitter mos flag"},
	{"origin", "ssrc source destination codec guess call first last flag"},
}

//nolint:gochecknoglobals // constants
var mediaPresets = []columnPreset{
	{"default", ""},
	{"packets", "dir source codec packets lost duplicates reordered delta flags"},
	{"timing", "dir source codec ptime jitter delta skew late mos flags"},
	{"rtp", "dir source destination codec ssrc type ptime dscp packets flags"},
}
