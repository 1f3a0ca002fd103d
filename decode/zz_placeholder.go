package decode

type tcpSegment struct {
	Seq, Ack   uint32
	Flags      uint8
	Payload    []byte
	WireLength int
	HasAck     bool
}

type streamTable struct{ d *Decoder }

func newStreamTable(d *Decoder) *streamTable            { return &streamTable{d} }
func (t *streamTable) segment(p *Packet, s *tcpSegment) {}
func (t *streamTable) flush()                           {}

type sctpTable struct{ d *Decoder }

func newSCTPTable(d *Decoder) *sctpTable        { return &sctpTable{d} }
func (t *sctpTable) packet(p *Packet, b []byte) {}
func (t *sctpTable) flush()                     {}

func (d *Decoder) datagram(p *Packet) { d.handler.Datagram(p) }
