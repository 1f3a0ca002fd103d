package hepnet

import (
	"sync"
	"time"

	"sipsniff/capture"
	"sipsniff/decode/hep"
)

const (
	// sendOctets is how much may wait for each target before packets are
	// dropped.
	sendOctets = 16 << 20
	// largestDatagram is the longest UDP payload over IPv4.
	largestDatagram = 65507
	// lastChance is how long Close waits for what has not been sent.
	lastChance = 3 * time.Second
)

// A SenderConfig says how HEP is sent.
type SenderConfig struct {
	Agent uint32 // our number
	Name  string // what we call ourselves, "" for nothing
	Key   string // for authentication, "" for none

	// Patient makes Send wait for room, for packets that do not come from a
	// wire. It gives up on a target that takes nothing for 3 s.
	Patient bool
}

// A Sender sends packets to collectors. It takes them from any goroutine, which
// it does not hold up, and sends from one goroutine for each target.
type Sender struct {
	config  SenderConfig
	name    []byte
	key     []byte
	targets []*target
	running sync.WaitGroup
	once    sync.Once

	mu sync.Mutex
	b  []byte // what is being put together
}

// Sent is what became of the packets for one target.
type Sent struct {
	Name      string
	Sent      uint64 // given to the network
	Dropped   uint64 // there was no room, or no time in the end
	Failed    uint64 // how often the network reported a failure, mostly of an earlier packet
	Truncated uint64 // sent without their end because they were too long
	Error     string // the latest, "" when all went well
}

// NewSender makes a sender to the targets. A UDP target must have an address; a
// TCP one is connected to as soon as that is possible, and again when it breaks.
func NewSender(targets []Endpoint, c SenderConfig) (*Sender, error) {
	s := &Sender{config: c, name: []byte(c.Name), key: []byte(c.Key)}
	for _, e := range targets {
		t, err := newTarget(e)
		if err != nil {
			_ = s.Close()
			return nil, err
		}
		s.targets = append(s.targets, t)
		s.running.Go(t.run)
	}
	return s, nil
}

// Send sends a packet as ours: Agent, AgentName and Key are filled in.
func (s *Sender) Send(p *hep.Packet) {
	p.Agent, p.HasAgent, p.AgentName, p.Key = s.config.Agent, true, s.name, s.key
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.targets {
		var truncated bool
		if s.b, truncated = hep.Append(s.b[:0], p, t.limit); truncated {
			t.truncated.Add(1)
		}
		t.offer(&capture.Frame{Data: s.b}, s.config.Patient)
	}
}

// Sent tells what became of the packets. Any goroutine may call it; the figures
// are final after Close.
func (s *Sender) Sent() []Sent {
	all := make([]Sent, len(s.targets))
	for i, t := range s.targets {
		all[i] = t.sent()
	}
	return all
}

// Close sends what waits, for 3 s at most, and ends.
func (s *Sender) Close() error {
	s.once.Do(func() {
		for _, t := range s.targets {
			t.finish()
		}
	})
	s.running.Wait()
	return nil
}
