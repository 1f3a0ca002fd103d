package srtp

import (
	"bytes"
	"testing"
)

func TestKeysOfExport(t *testing.T) {
	for _, profile := range []uint16{1, 2, 5, 6, 7, 8} {
		n := ExportLength(profile)
		client, server, err := KeysOfExport(profile, counting(0, n), []byte{5})
		if err != nil {
			t.Fatal(err)
		}
		suite := SuiteOfProfile(profile)
		key, salt := suite.KeyLength(), suite.SaltLength()
		for _, tt := range []struct {
			c         *Context
			key, salt int // where it begins
		}{{client, 0, 2 * key}, {server, key, 2*key + salt}} {
			k := tt.c.Key()
			if !bytes.Equal(k.Key, counting(tt.key, key)) || !bytes.Equal(k.Salt, counting(tt.salt, salt)) || k.Origin != DTLS || !bytes.Equal(k.MKI, []byte{5}) {
				t.Errorf("profile %d: %+v", profile, k)
			}
		}
	}
	if ExportLength(1) != 60 || ExportLength(7) != 56 || ExportLength(8) != 88 || ExportLength(9) != 0 {
		t.Error("lengths", ExportLength(1), ExportLength(7), ExportLength(8), ExportLength(9))
	}
	if _, _, err := KeysOfExport(9, nil, nil); err == nil {
		t.Error("profile 9 is accepted")
	}
	if _, _, err := KeysOfExport(1, counting(0, 59), nil); err == nil {
		t.Error("59 octets are accepted")
	}
}
