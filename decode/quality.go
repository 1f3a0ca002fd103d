package decode

import "sipsniff/decode/hep"

// A QualityHandler is a Handler that also wants the quality reports that
// agents send in HEP.
type QualityHandler interface {
	Handler

	// Quality receives a report as JSON in p.Payload, about media from p.Src
	// to p.Dst, and reports whether it was understood.
	Quality(p *Packet) bool
}

// Quality implements QualityHandler.
func (t *viewTable) Quality(p *Packet) bool {
	h, ok := t.next.(QualityHandler)
	return ok && h.Quality(p)
}

// hepQuality hands on a quality report. One that nobody understands counts as
// not decoded.
func (d *Decoder) hepQuality(h *hep.Packet, payload []byte) {
	d.unpackHEP(h, payload)
	if q, ok := d.handler.(QualityHandler); !ok || !q.Quality(&d.packet) {
		d.drop(hepReport)
	}
}
