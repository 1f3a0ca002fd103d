package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestAppendIndented compares with the encoder of the standard library.
func TestAppendIndented(t *testing.T) {
	deep := strings.Repeat(`[{"a":`, 60) + "1" + strings.Repeat("}]", 60)
	for _, text := range []string{
		`{}`, `[]`, `null`, `""`, `"a"`, `-1.5e-7`, `{"a":{}}`, `{"a":[],"b":[[]],"c":[{}]}`,
		`{"a":"x\"y,:{}[]","b":"\\","c":"\\\"","d":"","e\"":"\u001b[31m"}`,
		`{"a":[1,2,{"b":null,"c":[true,false]}],"d":"é,☎:"}`, deep,
	} {
		var want bytes.Buffer
		if err := json.Indent(&want, []byte(text), "    ", "  "); err != nil {
			t.Fatal(err)
		}
		if got := appendIndented([]byte("before"), []byte(text), 4); string(got) != "before"+want.String() {
			t.Errorf("%s:\n%s\nand not\n%s", text, got, want.String())
		}
	}
}

func FuzzAppendIndented(f *testing.F) {
	f.Add([]byte(`{"a":["\\\"",1,{}]}`))
	f.Add([]byte(`{"a" : [ 1 ] }`))
	f.Add([]byte(`"\`))
	f.Add([]byte(`}]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var dense, want bytes.Buffer
		if json.Compact(&dense, text) != nil {
			appendIndented(nil, text, 4) // whatever it is, it ends
			return
		}
		if err := json.Indent(&want, dense.Bytes(), "    ", "  "); err != nil {
			t.Fatal(err)
		}
		if got := appendIndented(nil, dense.Bytes(), 4); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s and not %s", got, want.Bytes())
		}
	})
}
