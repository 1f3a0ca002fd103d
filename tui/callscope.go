package tui

// A scope says which rows the list holds.
type scope uint8

const (
	scopeDialogs scope = iota // everything but hidden methods, such as OPTIONS pings, when there is anything else
	scopeCalls                // what began with INVITE
	scopeAll
)

func (v *callsView) setScope(s scope) {
	v.scope = s
	v.anew()
}

// nextScope steps from all dialogs to calls, and on to everything when pings
// are hidden.
func (v *callsView) nextScope() {
	v.picked = true
	switch {
	case v.scope == scopeDialogs:
		v.setScope(scopeCalls)
	case v.scope == scopeCalls && v.counts().hidden > 0:
		v.setScope(scopeAll)
	default:
		v.setScope(scopeDialogs)
	}
	v.u.remember("calls.scope", scopeNames[v.scope])
	v.u.say("%s", v.u.scopeTitle(v.scope))
}

// scopeNames are the scopes in settings.
var scopeNames = [...]string{scopeDialogs: "dialogs", scopeCalls: "calls", scopeAll: "all"}
