package emodel

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, v := range []struct {
		name    string
		format  Format
		want    string
		codec   Codec
		assumed bool
	}{
		{"static", Format{Encoding: "PCMU", Clock: 8000, Mode: -1}, "PCMU", Codec{NarrowBand, 0, 25.1}, false},
		{"any case", Format{Encoding: "pcma", Clock: 8000, Mode: -1}, "PCMA", Codec{NarrowBand, 0, 25.1}, false},
		{"no silence suppression", Format{Encoding: "G729", Clock: 8000, Mode: -1}, "G729", Codec{NarrowBand, 10, 19}, true},
		{"silence suppression", Format{Encoding: "g729", Clock: 8000, Mode: -1, Silence: true}, "G729 annex B", Codec{NarrowBand, 11, 19}, false},
		{"the high rate of two", Format{Encoding: "G723", Clock: 8000, Rate: 6.4, Mode: -1}, "G723 6.3", Codec{NarrowBand, 15, 16.1}, false},
		{"the low rate of two", Format{Encoding: "G723", Clock: 8000, Rate: 5.33, Mode: -1}, "G723 5.3", Codec{NarrowBand, 19, 16.1}, true},
		{"rate unknown", Format{Encoding: "G723", Clock: 8000, Mode: -1}, "G723 6.3", Codec{NarrowBand, 15, 16.1}, false},
		{"a mode", Format{Encoding: "AMR", Clock: 8000, Mode: 7}, "AMR 12.2", Codec{NarrowBand, 5, 10}, true},
		{"mode unknown", Format{Encoding: "AMR", Clock: 8000, Mode: -1}, "AMR", Codec{NarrowBand, 8, 10}, true},
		{"the worse of the two highest", Format{Encoding: "AMR-WB", Clock: 16000, Mode: 8}, "AMR-WB 23.85", Codec{WideBand, 8, 4.9}, false},
		{"G.722 says 8000", Format{Encoding: "G722", Clock: 8000, Mode: -1}, "G722 64", Codec{WideBand, 13, 4.3}, true},
		{"by clock rate", Format{Encoding: "speex", Clock: 16000, Mode: -1}, "speex", Codec{WideBand, 15, 8}, true},
		{"opus at 32", Format{Encoding: "opus", Clock: 48000, Rate: 32, Mode: -1}, "opus 28–40", Codec{FullBand, 8.7, 9.3}, true},
		{"opus at 10", Format{Encoding: "opus", Clock: 48000, Rate: 10, Mode: -1}, "opus < 14", Codec{FullBand, 17.1, 11.7}, true},
		{"opus played at 8 kHz", Format{Encoding: "opus", Clock: 48000, Rate: 32, Playback: 8000, Mode: -1}, "opus narrow band", Codec{NarrowBand, 5, 15}, true},
		{"an alias", Format{Encoding: "AAL2-G726-32", Clock: 8000, Mode: -1}, "G726-32", Codec{NarrowBand, 7, 10}, true},
	} {
		t.Run(v.name, func(t *testing.T) {
			var table Table
			e, ok := table.Find(v.format)
			if !ok || e.Name != v.want || e.Codec != v.codec || e.Assumed() != v.assumed {
				t.Errorf("%+v, want %s %v, assumed %v", e, v.want, v.codec, v.assumed)
			}
			if v.assumed != strings.Contains(e.Basis(), "assumed") {
				t.Errorf("basis %q", e.Basis())
			}
		})
	}
}

func TestUnknownCodecHasNoBasis(t *testing.T) {
	var table Table
	for _, name := range []string{"", "telephone-event", "BV32", "H264", "speex"} {
		if e, ok := table.Find(Format{Encoding: name, Clock: 11025, Mode: -1}); ok {
			t.Errorf("%q: %+v", name, e)
		}
	}
}

func TestOverride(t *testing.T) {
	var table Table
	table.Override("g729", Codec{NarrowBand, 12, 17})
	table.Override("BV32", Codec{WideBand, 9, 8})
	e, ok := table.Find(Format{Encoding: "G729", Clock: 8000, Mode: -1})
	if !ok || e.Codec != (Codec{NarrowBand, 12, 17}) || e.Lookahead != 5 || e.Basis() != "G.107 g729 Ie=12 Bpl=17 (set by --codec)" {
		t.Errorf("%+v %q", e, e.Basis())
	}
	if _, ok := table.Find(Format{Encoding: "bv32", Clock: 16000, Mode: -1}); !ok {
		t.Error("a codec that was set is not found")
	}
	if n := len(table.Entries()); n != len(entries)+2 {
		t.Errorf("%d entries", n)
	}
}

// Every entry can be found, and no rate leaves a hole.
func TestEveryCodecHasAnEntryForAnyRate(t *testing.T) {
	var table Table
	for _, e := range entries {
		for _, rate := range []float64{0, 1, 5, 13, 30, 1000} {
			f := Format{Encoding: e.Encoding, Clock: e.Clock, Rate: rate, Mode: -1}
			if strings.HasPrefix(e.Encoding, "OPUS ") {
				continue // named by the playback rate
			}
			if _, ok := table.Find(f); !ok {
				t.Errorf("%s at %g kbit/s is not found", e.Encoding, rate)
			}
		}
	}
}
