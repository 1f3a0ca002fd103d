package tui

import (
	"slices"
	"strings"
)

// hiddenMethods are the methods whose dialogs the list leaves out unless it
// holds everything; ladders show them all the same.
type hiddenMethods []string

// hiddenMethods reads the option of them. Methods are written in capitals.
func (u *UI) hiddenMethods() hiddenMethods {
	return strings.Fields(strings.ToUpper(u.option("calls.hide")))
}

func (h hiddenMethods) has(method string) bool { return slices.Contains(h, method) }

// names is "OPTIONS", "OPTIONS+NOTIFY", or how many there are.
func (h hiddenMethods) names(u *UI) string {
	if len(h) > 3 {
		return plural(len(h), "method")
	}
	return u.clean(strings.Join(h, "+"))
}

// others filters for what the counts bar calls other.
func (h hiddenMethods) others() string {
	return "!method:" + strings.Join(append([]string{"INVITE", "REGISTER"}, h...), ",")
}

// scopeTitle says what a scope of the list holds.
func (u *UI) scopeTitle(s scope) string {
	hidden := u.hiddenMethods()
	switch {
	case s == scopeCalls:
		return "calls only"
	case len(hidden) == 0:
		return "all dialogs"
	case s == scopeAll:
		return "everything, " + hidden.names(u) + " too"
	}
	return "all dialogs but " + hidden.names(u)
}
