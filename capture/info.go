package capture

import "slices"

// The lists of a SourceInfo stay short whatever a file says.
const (
	maxLinkTypes = 256
	maxWarnings  = 64
)

// addLinkType notes a link type when it is new.
func (i *SourceInfo) addLinkType(l LinkType) {
	if len(i.LinkTypes) < maxLinkTypes && !slices.Contains(i.LinkTypes, l) {
		i.LinkTypes = append(i.LinkTypes, l)
	}
}

// warn notes a warning when it is new.
func (i *SourceInfo) warn(w string) {
	if len(i.Warnings) < maxWarnings && !slices.Contains(i.Warnings, w) {
		i.Warnings = append(i.Warnings, w)
	}
}

// clone gives a copy that later frames do not change. The lists only grow, so
// their present part can be shared.
func (i *SourceInfo) clone() SourceInfo {
	c := *i
	c.LinkTypes = slices.Clip(i.LinkTypes)
	c.Warnings = slices.Clip(i.Warnings)
	return c
}
