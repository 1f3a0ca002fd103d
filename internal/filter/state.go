package filter

import "sipsniff/correlate"

// compileState finds out which states are meant, by the names of the JSON
// ("in_call") or by the words of the list ("IN CALL").
func (c *compiler) compileState(n *comparison) (part, error) {
	test := func(string) bool { return false }
	if n.op == matches {
		re, err := n.values[0].regexp()
		if err != nil {
			return part{}, err
		}
		test = re.MatchString
	}
	var wanted [256]bool
	for _, v := range n.values {
		if n.op != matches {
			test = stateTest(n.op, v.text)
		}
		found := false
		for state := range wanted {
			s := correlate.State(state)
			if test(s.String()) || test(s.Word()) {
				wanted[state], found = true, true
			}
		}
		if !found {
			c.hint("state%s%s: no state is called so", n.op, v.text)
		}
	}
	return part{func(s subject) bool { return wanted[s.call.State] != (n.op == different) }, costNumber}, nil
}

func stateTest(op operator, text string) func(string) bool {
	wanted := newNeedle(text, &phrases)
	if op == has {
		return wanted.in
	}
	return wanted.is
}
