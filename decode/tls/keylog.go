package tls

import (
	"bytes"
	"encoding/hex"
)

// maxLine is the length of a key log line from which on it is passed over.
const maxLine = 16 << 10

// A KeyLog reads a key log (SSLKEYLOGFILE, RFC 9850) as it grows: lines of a
// label, the client random and the secret, both in hexadecimal. It works on
// octets, whatever their encoding.
type KeyLog struct {
	Lines   uint64 // that are neither empty nor comments
	Secrets uint64 // lines of them that gave a secret
	Ignored uint64 // lines of them that are in order and not needed here
	Bad     uint64 // lines of them that are nothing of a key log

	secrets *Secrets
	line    []byte // octets of a line without its end yet
	long    bool   // the line is too long and passed over
}

// NewKeyLog returns a reader that adds what it reads to s.
func NewKeyLog(s *Secrets) *KeyLog { return &KeyLog{secrets: s} }

// Write takes the next octets of the log. It never fails.
func (k *KeyLog) Write(b []byte) (int, error) {
	n := len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			break
		}
		k.extend(b[:i])
		k.end()
		b = b[i+1:]
	}
	k.extend(b)
	return n, nil
}

// Flush uses the last line although it has no end. More of it may still come.
func (k *KeyLog) Flush() {
	if !k.long {
		k.read(k.line)
	}
}

// Close counts the last line when it has no end.
func (k *KeyLog) Close() { k.end() }

func (k *KeyLog) extend(b []byte) {
	if k.long = k.long || len(k.line)+len(b) > maxLine; k.long {
		k.line = nil
		return
	}
	k.line = append(k.line, b...)
}

// end counts a line that is over.
func (k *KeyLog) end() {
	verdict := lineBad
	if !k.long {
		verdict = k.read(k.line)
	}
	k.line, k.long = k.line[:0], false
	if verdict == lineEmpty {
		return
	}
	k.Lines++
	switch verdict {
	case lineSecret:
		k.Secrets++
	case lineIgnored:
		k.Ignored++
	default:
		k.Bad++
	}
}

type lineVerdict uint8

const (
	lineEmpty lineVerdict = iota
	lineSecret
	lineIgnored
	lineBad
)

// read takes the secret from a line.
func (k *KeyLog) read(line []byte) lineVerdict {
	line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")) // what some editors put in front
	fields := bytes.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' || c == '\r' })
	if len(fields) == 0 || fields[0][0] == '#' {
		return lineEmpty
	}
	if len(fields) != 3 || !isHex(fields[1]) || !isHex(fields[2]) {
		return lineBad
	}
	before := k.secrets.generation
	verdict := k.store(fields[0], fields[1], fields[2])
	if k.secrets.Added != nil && k.secrets.generation != before {
		k.secrets.Added(bytes.Join(fields, []byte(" ")))
	}
	return verdict
}

// store adds the secret of a line to the store.
func (k *KeyLog) store(word, name, value []byte) lineVerdict {
	if string(word) == "RSA" {
		return k.storePremaster(name, value)
	}
	for l, known := range labelNames {
		if string(word) != known {
			continue
		}
		if len(name) != 64 || len(value) != 96 && (label(l) == masterSecret || len(value) != 64) {
			return lineBad
		}
		var r Random
		var v [48]byte
		decodeHex(r[:], name)
		k.secrets.add(r, label(l), v[:decodeHex(v[:], value)])
		return lineSecret
	}
	for _, c := range word {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return lineBad
		}
	}
	return lineIgnored
}

// storePremaster adds the premaster secret of a line that the first octets of
// its encrypted form name.
func (k *KeyLog) storePremaster(name, value []byte) lineVerdict {
	if len(name) != 16 || len(value) != 96 {
		return lineBad
	}
	var start [8]byte
	var v [48]byte
	decodeHex(start[:], name)
	decodeHex(v[:], value)
	if s := k.secrets; !bytes.Equal(s.premaster.get(start), v[:]) {
		s.premaster.put(start, v[:])
		s.generation++
	}
	return lineSecret
}

func isHex(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// decodeHex decodes digits that are known to be such.
func decodeHex(dst, digits []byte) int {
	n, err := hex.Decode(dst, digits)
	if err != nil {
		return 0
	}
	return n
}
