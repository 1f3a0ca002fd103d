package capture

import "fmt"

// SecretTLSKeyLog is the type of a secret in the NSS key log format.
const SecretTLSKeyLog = 0x544c534b // "TLSK"

// maxSecrets bounds the decryption secrets kept of one file, in octets. A
// connection takes some 200.
const maxSecrets = 16 << 20

// maxSecretBlocks bounds their number.
const maxSecretBlocks = 4096

const warningSecrets = "decryption secrets beyond 16 MiB or 4096 blocks were left out"

// A Secret is the content of a decryption secrets block of a pcapng file.
type Secret struct {
	Type uint32 // SecretTLSKeyLog or another of the registered types
	Data []byte // the receiver's to keep, not to change
}

// A SecretSource is a Source that may carry decryption secrets. What Open
// returns is one.
type SecretSource interface {
	Source

	// Secrets gives the secrets met so far; a file may hold them anywhere
	// before the packets they are for.
	Secrets() []Secret

	// SecretCount is the number of secrets met so far. It costs next to
	// nothing, so that it can be asked for after every frame.
	SecretCount() int
}

func (r *pcapngReader) keepSecret(body []byte) error {
	if len(body) < 8 {
		return shortBlock(blockSecrets, body)
	}
	size := r.uint32(body[4:])
	if uint64(size) > uint64(len(body)-8) {
		return fmt.Errorf("secrets of %d octets in a block with room for %d", size, len(body)-8)
	}
	if r.secretsSize+int(size) > maxSecrets || len(r.secrets) == maxSecretBlocks {
		r.info.warn(warningSecrets)
		return nil
	}
	r.secretsSize += int(size)
	data := append([]byte(nil), body[8:8+size]...)
	r.secrets = append(r.secrets, Secret{Type: r.uint32(body), Data: data})
	return nil
}
