package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"sipsniff/capture"
	"sipsniff/capture/hepnet"
	"sipsniff/correlate"
	"sipsniff/internal/export"
)

// hepOptions are the flags about HEP.
type hepOptions struct {
	listen []string
	send   []string
	key    string
	id     uint32
}

// agentID is our number towards collectors unless another one is given.
const agentID = 2001

func (h *hepOptions) declare(f *pflag.FlagSet) {
	f.StringArrayVar(&h.listen, "hep-listen", nil, "receive HEP")
	f.StringArrayVar(&h.send, "hep-send", nil, "send HEP")
	f.StringVar(&h.key, "hep-key", "", "key of HEP")
	f.Uint32Var(&h.id, "hep-id", agentID, "our number in HEP")
}

// endpoints reads the addresses of one flag.
func endpoints(flag string, texts []string, parse func(string) (hepnet.Endpoint, error)) ([]hepnet.Endpoint, error) {
	var all []hepnet.Endpoint
	for _, text := range texts {
		e, err := parse(text)
		if err != nil {
			misuse := &usageError{text: fmt.Sprintf("--%s: %v", flag, err)}
			var bad *hepnet.EndpointError
			if errors.As(err, &bad) {
				misuse.hint = bad.Hint()
			}
			return nil, misuse
		}
		all = append(all, e)
	}
	return all, nil
}

// openHEP receives HEP, with the interfaces of the command line if there are
// any. The ports are those that HEP comes to.
func (o *options) openHEP(in input) (source capture.Source, ports []uint16, err error) {
	received, err := hepnet.Listen(in.hep, hepnet.SourceConfig{Key: o.hep.key})
	if err != nil {
		return nil, nil, &fileError{text: fmt.Sprintf("receiving HEP: %v", err), hint: "choose an address of this machine and a port that is free"}
	}
	if len(in.ifaces) == 0 {
		return received, received.Ports(), nil
	}
	captured, err := o.openLive(in)
	if err != nil {
		return nil, nil, errors.Join(err, received.Close())
	}
	return capture.NewJoin(captured, received), received.Ports(), nil
}

// An agent sends what a session finds to collectors.
type agent struct {
	sender   *hepnet.Sender
	exporter *export.Exporter
}

// newAgent returns nil when nothing is to be sent.
func (o *options) newAgent(targets []hepnet.Endpoint, live bool) (*agent, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	sender, err := hepnet.NewSender(targets, hepnet.SenderConfig{Agent: o.hep.id, Name: "sipsniff", Key: o.hep.key, Patient: !live})
	if err != nil {
		return nil, &fileError{text: fmt.Sprintf("sending HEP: %v", err), hint: "check the address behind --hep-send"}
	}
	return &agent{sender: sender, exporter: export.New(sender)}, nil
}

// during runs work and reports about the streams meanwhile, when it is live,
// and in the end. Then everything has been sent, or counted as dropped.
func (a *agent) during(live bool, snapshot func() *correlate.Snapshot, work func() error) error {
	reporting, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if live {
			a.exporter.Run(reporting, snapshot)
		}
	}()
	err := work()
	stop()
	<-done
	a.exporter.Report(snapshot(), true)
	return errors.Join(err, a.sender.Close())
}
