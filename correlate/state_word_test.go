package correlate

import "testing"

func TestStateWordFitsTheColumn(t *testing.T) {
	for s := State(0); s < stateCount+3; s++ {
		if w := s.Word(); w == "" || len(w) > 10 {
			t.Errorf("state %v: word %q does not fit ten cells", s, w)
		}
	}
}

func TestStateWord(t *testing.T) {
	for s, want := range map[State]string{
		StateInCall:     "IN CALL",
		StateNew:        "CALL SETUP",
		StateBusy:       "BUSY",
		StateNoAnswer:   "REJECTED", // BUSY is 486 and 600 only
		StateDropped:    "LOST",
		StateNoReply:    "NO REPLY",
		StateCompleted:  "COMPLETED",
		StateRegistered: "REGISTERED",
	} {
		if got := s.Word(); got != want {
			t.Errorf("%v.Word() = %q, want %q", s, got, want)
		}
	}
}

func TestStateNamesAreDistinct(t *testing.T) {
	seen := map[string]State{}
	for s := State(0); s < stateCount; s++ {
		name := s.String()
		if before, twice := seen[name]; twice || name == "" {
			t.Errorf("state %d has the name %q of state %d", s, name, before)
		}
		seen[name] = s
	}
}
