package tui

import "strings"

// read fills in what the form wrote before.
func (g *filterForm) read(text string) {
	names := map[string]*string{"from:": &g.texts[formFrom], "to:": &g.texts[formTo], "src:": &g.texts[formSource],
		"dst:": &g.texts[formDestination], "msg:": &g.texts[formPayload], "mos<": &g.mos}
	choices := map[string]struct {
		item formItem
		of   []string
	}{"state:": {formState, formStates}, "code:": {formCode, formCodes}, "problem:": {formKind, formProblems}, "since:": {formSince, formTimes}}
	for _, word := range formWords(text) {
		for prefix, to := range names {
			if value, ok := strings.CutPrefix(word, prefix); ok {
				*to = unquote(value)
			}
		}
		for prefix, c := range choices {
			if value, ok := strings.CutPrefix(word, prefix); ok {
				for i, known := range c.of {
					if known == unquote(value) {
						g.choice[c.item] = i
					}
				}
			}
		}
		if value, ok := strings.CutPrefix(word, "!method:"); ok {
			g.readMethods(value, false)
		} else if value, ok := strings.CutPrefix(word, "method:"); ok {
			g.methods = [len(formMethods)]bool{}
			g.readMethods(value, true)
		}
	}
}

func (g *filterForm) readMethods(list string, on bool) {
	for _, name := range strings.Split(list, ",") {
		for i, known := range formMethods {
			if known == name {
				g.methods[i] = on
			}
		}
	}
}

// formWords splits a filter at its spaces, those in quotes left alone.
func formWords(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
}

func unquote(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(value[1 : len(value)-1])
	}
	return value
}

// write is the filter that the form stands for.
func (g *filterForm) write() string {
	var parts []string
	for i, prefix := range [...]string{"from:", "to:", "src:", "dst:", "msg:"} {
		if text := strings.TrimSpace(g.texts[i]); text != "" {
			parts = append(parts, prefix+quoteValue(text))
		}
	}
	if methods := g.writeMethods(); methods != "" {
		parts = append(parts, methods)
	}
	for _, c := range []struct {
		item   formItem
		prefix string
		of     []string
	}{{formState, "state:", formStates}, {formCode, "code:", formCodes}, {formKind, "problem:", formProblems}, {formSince, "since:", formTimes}} {
		if i := g.choice[c.item]; i > 0 {
			parts = append(parts, c.prefix+quoteValue(c.of[i]))
		}
	}
	if mos := strings.TrimSpace(g.mos); mos != "" {
		parts = append(parts, "mos<"+mos)
	}
	return strings.Join(parts, " ")
}

// writeMethods names the methods that are wanted, or those that are not,
// whichever is shorter.
func (g *filterForm) writeMethods() string {
	var on, off []string
	rest := g.methods[len(formMethods)-1]
	for i, name := range formMethods[:len(formMethods)-1] {
		if g.methods[i] {
			on = append(on, name)
		} else {
			off = append(off, name)
		}
	}
	switch {
	case rest && len(off) == 0:
		return ""
	case rest:
		return "!method:" + strings.Join(off, ",")
	case len(on) == 0:
		return "!method:" + strings.Join(formMethods[:len(formMethods)-1], ",")
	}
	return "method:" + strings.Join(on, ",")
}
