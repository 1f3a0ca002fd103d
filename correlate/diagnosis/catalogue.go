package diagnosis

import (
	"slices"
	"strings"
)

// Catalogue is all rules in the order of their codes. Nobody may change them.
func Catalogue() []*Rule { return catalogue }

// catalogue is put together of the tables of the families; each stands in the
// file signalling.go, media.go, security.go or infrastructure.go.
var catalogue = sorted(signalling(), media(), security(), infrastructure())

func sorted(families ...[]*Rule) []*Rule {
	all := slices.Concat(families...)
	slices.SortFunc(all, func(a, b *Rule) int {
		if f := family(a.Code) - family(b.Code); f != 0 {
			return f
		}
		return strings.Compare(a.Code, b.Code)
	})
	return all
}

// RuleOf finds a rule by its code or its name, in any case; nil when there is
// none.
func RuleOf(codeOrName string) *Rule {
	for _, r := range catalogue {
		if strings.EqualFold(r.Code, codeOrName) || strings.EqualFold(r.Name, codeOrName) {
			return r
		}
	}
	return nil
}
