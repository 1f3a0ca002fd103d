package keylog

import "fmt"

// Warnings says what is wrong with key logs, a line for each.
func Warnings(keys []Status) (lines []string) {
	for _, k := range keys {
		switch {
		case k.Err != "":
			lines = append(lines, fmt.Sprintf("%s: %s; secrets read before that: %d", k.Name, k.Err, k.Secrets))
		case k.Bad > 0:
			lines = append(lines, fmt.Sprintf("%s: %d of %d lines are nothing of a key log; secrets read from the others: %d", k.Name, k.Bad, k.Lines, k.Secrets))
		case k.Secrets == 0:
			lines = append(lines, fmt.Sprintf("%s: no secret in it so far", k.Name))
		}
	}
	return lines
}
