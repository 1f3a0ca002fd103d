package pipeline

import (
	"errors"
	"time"

	"sipsniff/capture"
	"sipsniff/decode/tls"
	"sipsniff/internal/keylog"
)

// keyInterval is the wall time between two looks at the key logs.
const keyInterval = time.Second

// secretsInCapture is the name of the key log that is in a capture file.
const secretsInCapture = "secrets in the capture"

// keys brings secrets to what decrypts, from key logs and from the capture
// itself.
type keys struct {
	logs     *keylog.Follower // nil: none
	secrets  *tls.Secrets
	polled   time.Time
	source   capture.SecretSource // nil: none
	count    int
	taken    map[*byte]bool // by their first octet, the secrets of the source that were read
	embedded *tls.KeyLog

	learned *keylog.Lines // of the key logs, to be recorded; nil: none
	record  Recording     // nil: none
}

func newKeys(c Config) keys {
	k := keys{logs: c.Keys, secrets: c.Decoder.Secrets, polled: time.Now(), taken: map[*byte]bool{}, learned: c.Learned, record: c.Record}
	k.source, _ = c.Source.(capture.SecretSource)
	if k.source != nil {
		k.embedded = tls.NewKeyLog(k.secrets)
		for _, in := range c.Source.Info() {
			// Its secrets may stand behind the packets.
			k.secrets.Awaited = k.secrets.Awaited || in.Format == "pcapng"
		}
	}
	return k
}

// came reports whether the source has met secrets that were not taken.
func (k *keys) came() bool { return k.source != nil && k.source.SecretCount() != k.count }

// take reads the secrets that the source has met and has them recorded. It
// returns what the recording says to that.
func (k *keys) take() error {
	err := k.recordLearned()
	k.count = k.source.SecretCount()
	for _, s := range k.source.Secrets() {
		if len(s.Data) == 0 || k.taken[&s.Data[0]] {
			continue
		}
		k.taken[&s.Data[0]] = true
		err = errors.Join(err, k.recordSecret(s))
		if s.Type == capture.SecretTLSKeyLog {
			k.embedded.Write(s.Data) //nolint:errcheck // it never fails
			k.embedded.Close()
		}
	}
	k.learned.Take() // recorded as they were
	return err
}

// recordLearned records what is new in the key logs.
func (k *keys) recordLearned() error {
	if lines := k.learned.Take(); lines != nil {
		return k.recordSecret(capture.Secret{Type: capture.SecretTLSKeyLog, Data: lines})
	}
	return nil
}

func (k *keys) recordSecret(s capture.Secret) error {
	if k.record == nil {
		return nil
	}
	return k.record.WriteSecret(s)
}

// due reports whether it is time to poll.
func (k *keys) due(now time.Time) bool { return k.logs != nil && now.Sub(k.polled) >= keyInterval }

// poll looks at the key logs.
func (k *keys) poll(now time.Time) {
	k.polled = now
	k.logs.Poll()
}

// status says what was found in each key log.
func (k *keys) status() []keylog.Status {
	all := k.logs.Status()
	if k.embedded != nil && k.embedded.Lines > 0 {
		all = append(all, keylog.Status{Name: secretsInCapture, Lines: k.embedded.Lines, Secrets: k.embedded.Secrets, Bad: k.embedded.Bad})
	}
	return all
}
