package t38

// An Indicator is a T.30 signal that has no data (T.38 §7.2.1).
type Indicator uint8

// The indicators. From V27Training2400 on they train a modem.
const (
	NoSignal Indicator = iota
	CNG
	CED
	V21Preamble
	V27Training2400
	firstTraining = V27Training2400
	lastTraining  = 15 // V.17 at 14400, long
	V8ANSam       = 16
	V8Signal      = 17
	V34Control    = 18
	V34Primary    = 19
	V34Retrain    = 20
	V33Train12000 = 21
	V33Train14400 = 22
	indicators    = 23
)

var indicatorNames = [indicators]string{
	"no signal", "CNG", "CED", "V.21 preamble", "V.27 2400", "V.27 4800", "V.29 7200", "V.29 9600",
	"V.17 7200 short", "V.17 7200 long", "V.17 9600 short", "V.17 9600 long", "V.17 12000 short", "V.17 12000 long", "V.17 14400 short", "V.17 14400 long",
	"V.8 ANSam", "V.8 signal", "V.34 control channel", "V.34 primary channel", "V.34 retrain", "V.33 12000", "V.33 14400",
}

func (i Indicator) String() string {
	if int(i) < len(indicatorNames) {
		return indicatorNames[i]
	}
	return "reserved"
}

// Training reports whether the indicator trains a modem for pages.
func (i Indicator) Training() bool {
	return i >= firstTraining && i <= lastTraining || i >= V33Train12000 && i < indicators
}

// A Modem is what T.30 data is modulated with (T.38 §7.2.2).
type Modem uint8

// V21 carries the commands of T.30, all others carry pages.
const V21 Modem = 0

const modems = 15

var modemNames = [modems]struct {
	name string
	rate int
}{
	{"V.21", 300}, {"V.27", 2400}, {"V.27", 4800}, {"V.29", 7200}, {"V.29", 9600},
	{"V.17", 7200}, {"V.17", 9600}, {"V.17", 12000}, {"V.17", 14400},
	{"V.8", 0}, {"V.34", 0}, {"V.34", 1200}, {"V.34", 0}, {"V.33", 12000}, {"V.33", 14400},
}

// Name is the recommendation, "" for one that is not known.
func (m Modem) Name() string {
	if int(m) < modems {
		return modemNames[m].name
	}
	return ""
}

// Rate is in bit/s, 0 when the number does not tell.
func (m Modem) Rate() int {
	if int(m) < modems {
		return modemNames[m].rate
	}
	return 0
}

// A FieldType says what a field of data is (T.38 §7.3).
type FieldType uint8

// The types of fields.
const (
	HDLCData FieldType = iota
	HDLCSigEnd
	HDLCFCSOK
	HDLCFCSBad
	HDLCFCSOKSigEnd
	HDLCFCSBadSigEnd
	T4NonECM
	T4NonECMSigEnd
)

// A Field is a part of T.30 data; the octets are borrowed.
type Field struct {
	Type FieldType
	Data []byte
}

// maxFields is how many fields of a packet are read.
const maxFields = 64

// A Packet is one IFP packet. It is meant to be filled again and again.
type Packet struct {
	Data      bool // T.30 data; else an indicator
	Indicator Indicator
	Modem     Modem
	Fields    []Field
}

// Parse fills p from an IFP packet by the syntax of a version of T.38 and
// reports whether all of it could be read. Version 0 has no extension bit in
// the type of a field (T.38 annex A of 1998).
func (p *Packet) Parse(b []byte, version int) bool {
	*p = Packet{Fields: p.Fields[:0]}
	r := bitReader{b: b}
	hasFields := r.bit()
	p.Data = r.bit()
	if p.Data {
		p.Modem = Modem(r.enumeratedTo(4, modems-9, 9))
	} else {
		p.Indicator = Indicator(r.enumeratedTo(4, indicators-16, 16))
	}
	if r.bad || !hasFields {
		return !r.bad
	}
	n := r.length()
	if n > maxFields {
		return false
	}
	for range n {
		f := r.field(version)
		if r.bad {
			return false
		}
		p.Fields = append(p.Fields, f)
	}
	return !r.bad
}

// enumeratedTo reads an extensible enumeration of so many bits, of which root
// values are used and so many more are extensions that follow them.
func (r *bitReader) enumeratedTo(bits int, extensions, root uint) uint {
	v := r.enumerated(bits)
	extended := v >= 1<<bits
	if extended {
		v = v - 1<<bits + root
	}
	if extended && v-root >= extensions || !extended && v >= root {
		r.bad = true
		return 0
	}
	return v
}

func (r *bitReader) field(version int) Field {
	hasData := r.bit()
	var f Field
	if version == 0 {
		f.Type = FieldType(r.bits(3))
	} else {
		f.Type = FieldType(r.enumerated(3))
	}
	if hasData {
		r.align()
		f.Data = r.octets(int(r.bits(16)) + 1) // 1 to 65535, as its distance from 1
	}
	return f
}
