package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"sipsniff/correlate"
	"sipsniff/correlate/mos"
	"sipsniff/correlate/quality"
	"sipsniff/correlate/quality/emodel"
	"sipsniff/internal/report"
)

// qualityOptions are the assumptions that scores are made with.
type qualityOptions struct {
	buffer string   // --jitter-buffer
	codecs []string // --codec
	delay  float64  // --delay, ms
	model  string   // --delay-model
}

func (o *qualityOptions) declare(f *pflag.FlagSet) {
	f.StringVar(&o.buffer, "jitter-buffer", "a1", "the de-jitter buffer that scores are made by")
	f.StringArrayVar(&o.codecs, "codec", nil, "impairments of a codec")
	f.Float64Var(&o.delay, "delay", 0, "one-way delay of the network in ms, where RTCP does not tell")
	f.StringVar(&o.model, "delay-model", "g107", "how delay counts")
}

// configure sets how a tracker scores.
func (o *qualityOptions) configure(c *correlate.Config) error {
	scorer, buffer, err := o.scorer()
	c.Scorer, c.Buffer = scorer, buffer
	return err
}

// scorer makes the scorer, and the de-jitter buffer that takes the place of f60.
func (o *qualityOptions) scorer() (s mos.Scorer, own *quality.BufferModel, err error) {
	model, err := quality.ParseBuffer(o.buffer)
	if err != nil {
		return s, nil, &usageError{text: "--jitter-buffer " + err.Error()}
	}
	switch model {
	case quality.Adaptive1():
	case quality.Fixed200():
		s.Fixed, s.Buffer = true, quality.BufferFixed200
	default:
		s.Fixed, s.Buffer, own = true, quality.BufferFixed60, &model
	}
	for _, text := range o.codecs {
		name, codec, err := parseCodec(text)
		if err != nil {
			return s, nil, err
		}
		s.Codecs.Override(name, codec)
	}
	if !(o.delay >= 0 && o.delay <= 2000) { // NaN is neither
		return s, nil, &usageError{text: fmt.Sprintf("--delay %g: the one-way delay is 0 to 2000 ms", o.delay)}
	}
	s.OneWay = o.delay
	models := map[string]emodel.DelayModel{"g107": emodel.DelayG107, "echo-free": emodel.DelayEchoFree, "classic": emodel.DelayClassic}
	m, ok := models[o.model]
	if !ok {
		return s, nil, &usageError{text: fmt.Sprintf("--delay-model %q is none", o.model), hint: "it is g107, echo-free or classic"}
	}
	s.Model = m
	return s, own, nil
}

// parseCodec reads NAME=Ie,Bpl[,NB|WB|FB]. A codec of the table keeps its
// scale, another is narrow band unless it says so.
func parseCodec(text string) (name string, c emodel.Codec, err error) {
	wrong := &usageError{text: fmt.Sprintf("--codec %q is not NAME=Ie,Bpl", text), hint: "such as --codec opus=5,15,WB; sipsniff codecs lists what is known"}
	name, values, ok := strings.Cut(text, "=")
	parts := strings.Split(values, ",")
	if !ok || name == "" || len(parts) < 2 || len(parts) > 3 {
		return "", c, wrong
	}
	ie, errIe := strconv.ParseFloat(parts[0], 64)
	bpl, errBpl := strconv.ParseFloat(parts[1], 64)
	// The comparisons are false for NaN.
	if errIe != nil || errBpl != nil || !(ie >= 0 && ie <= 132) || !(bpl > 0 && bpl <= 1000) {
		return "", c, wrong
	}
	c = emodel.Codec{Scale: scaleOf(name), Ie: ie, Bpl: bpl}
	if len(parts) == 3 {
		scale, known := map[string]emodel.Scale{"NB": emodel.NarrowBand, "WB": emodel.WideBand, "FB": emodel.FullBand}[strings.ToUpper(parts[2])]
		if !known {
			return "", c, wrong
		}
		c.Scale = scale
	}
	return name, c, nil
}

// scaleOf is the scale that the table has for a codec.
func scaleOf(name string) emodel.Scale {
	var table emodel.Table
	for _, e := range table.Entries() {
		if strings.EqualFold(e.Encoding, name) {
			return e.Scale
		}
	}
	return emodel.NarrowBand
}

// codecTable lists what scores rest on.
func (o *options) codecTable() error {
	scorer, _, err := o.quality.scorer()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	for _, row := range report.CodecRows(&scorer.Codecs) {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(o.out, "\nIe is the impairment without loss, Bpl the robustness against it (ITU-T G.113). The first row that fits a stream counts.\n"+
		"\"assumed\" is nobody's value but ours; --codec NAME=Ie,Bpl[,NB|WB|FB] sets another.")
	return err
}
