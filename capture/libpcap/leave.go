//go:build cgo && !nopcap

package libpcap

import (
	"time"

	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

// leaveWithin is how long counting what nobody took may last. A ring of 64 MiB
// takes some 30 ms.
const leaveWithin = 2 * time.Second

var _ capture.Leaver = (*Source)(nil)

// Leave implements capture.Leaver.
func (s *Source) Leave() {
	s.Stop()
	_ = s.Close() // has no errors
	s.giveBack()
	for len(s.filled) > 0 {
		s.take(<-s.filled)
	}
	for i, q := range s.queues {
		for _, b := range q {
			s.readers[i].unread.Add(b.before(s.stop.Load()))
		}
		s.queues[i] = nil
	}
}

// countUnread counts the frames from before the stop that are in the ring of
// the kernel when the capture ends.
func (r *reader) countUnread() {
	stop := r.stop.Load()
	if stop == 0 {
		return // the source was closed: nobody wants them
	}
	for by := time.Now().Add(leaveWithin); time.Now().Before(by); {
		_, info, err := r.handle.ZeroCopyReadPacketData()
		switch {
		case err == pcap.NextErrorTimeoutExpired && time.Now().UnixNano()-stop < int64(quiet):
			continue
		case err != nil || info.Timestamp.UnixNano() > stop:
			return
		}
		r.unread.Add(1)
	}
}
