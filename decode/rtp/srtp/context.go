package srtp

import (
	"encoding/binary"
	"errors"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// Origin is how a key became known.
type Origin string

// The origins of keys.
const (
	SDES Origin = "sdes" // an a=crypto attribute
	DTLS Origin = "dtls" // a DTLS handshake and a key log
)

// A Key protects what one side sends.
type Key struct {
	Suite Suite
	MasterKey
	Origin             Origin
	Unencrypted        bool // RTP is authenticated only
	UnencryptedControl bool
	Unauthenticated    bool // RTP is encrypted only: nothing can be verified
}

// A Context opens packets that are protected with one key, of any SSRC. It is
// used by one goroutine.
type Context struct {
	key     Key
	layouts []layout
	ciphers [2]sessionKeys // of the announced suite, and of its twin

	header  rtp.Header  // refilled for every packet, so that nothing is allocated
	control rtcp.Header // likewise
}

// A layout is what may stand behind the payload. The announced one comes
// first; the others are what senders do instead.
type layout struct {
	twin bool // the other length of tag
	mki  int  // octets
}

// sessionKeys are one suite with its session keys. pion remembers every SSRC,
// which strangers may make up, so it is made anew after some.
type sessionKeys struct {
	*srtp.Context     // nil until it is needed
	sources       int // SSRCs that it remembers
}

const maxSources = 256

// Why a packet was not opened.
var (
	ErrShort  = errors.New("srtp: packet is too short")
	ErrVerify = errors.New("srtp: authentication failed")
)

// NewContext prepares a key for use.
func NewContext(k Key) (*Context, error) {
	if !k.Suite.Supported() {
		return nil, &CryptoError{"suite_unsupported", k.Suite.String()}
	}
	c := &Context{key: k}
	c.layouts = append(c.layouts, layout{mki: len(k.MKI)})
	if !k.Unauthenticated {
		if k.Suite.properties().twin != UnknownSuite {
			c.layouts = append(c.layouts, layout{twin: true, mki: len(k.MKI)})
		}
		if len(k.MKI) > 0 {
			c.layouts = append(c.layouts, layout{})
		} else {
			c.layouts = append(c.layouts, layout{mki: 1}, layout{mki: 4})
		}
	}
	_, err := c.cipher(false)
	return c, err
}

// suite is the suite of a layout.
func (c *Context) suite(twin bool) Suite {
	if twin {
		return c.key.Suite.properties().twin
	}
	return c.key.Suite
}

// cipher returns the cipher of a layout. Deriving its keys takes some µs.
func (c *Context) cipher(twin bool) (*sessionKeys, error) {
	at := &c.ciphers[0]
	if twin {
		at = &c.ciphers[1]
	}
	if at.Context != nil && at.sources < maxSources {
		return at, nil
	}
	var options []srtp.ContextOption
	if c.key.Unencrypted {
		options = append(options, srtp.SRTPNoEncryption())
	}
	if c.key.UnencryptedControl {
		options = append(options, srtp.SRTCPNoEncryption())
	}
	if c.key.Unauthenticated {
		options = append(options, srtp.SRTPAuthenticationTagLength(0))
	}
	made, err := srtp.CreateContext(c.key.Key, c.key.Salt, c.suite(twin).properties().profile, options...)
	*at = sessionKeys{Context: made}
	return at, err
}

// setCounter sets the rollover counter of an SSRC. It is set for each packet,
// so that what pion makes of the sequence numbers has no influence.
func (c *sessionKeys) setCounter(ssrc, roc uint32) {
	if _, known := c.ROC(ssrc); !known {
		c.sources++
	}
	c.SetROC(ssrc, roc)
}

// isGCM reports whether the tag belongs to the ciphertext, in front of the MKI.
func (s Suite) isGCM() bool { return s == AES128GCM || s == AES256GCM }

// behind is how many octets stand behind the MKI of an RTP packet.
func (c *Context) behind(l layout) int {
	if c.key.Suite.isGCM() || c.key.Unauthenticated {
		return 0
	}
	return c.suite(l.twin).TagLength()
}

// without copies a packet to dst without the MKI in front of its last octets.
func without(dst, packet []byte, mki, behind int) []byte {
	body := len(packet) - mki - behind
	return append(append(dst[:0], packet[:body]...), packet[body+mki:]...)
}

const (
	headerSize    = 12 // of RTP
	maxExtensions = 32 // room that a Context keeps for header extensions between packets
)

// decrypt opens an RTP packet by one layout, supposing a rollover counter.
func (c *Context) decrypt(dst, packet []byte, l layout, roc uint32) ([]byte, error) {
	cipher, err := c.cipher(l.twin)
	if err != nil {
		return nil, err
	}
	behind := c.behind(l)
	if len(packet) < headerSize+l.mki+behind {
		return nil, ErrShort
	}
	if l.mki > 0 {
		dst = without(dst, packet, l.mki, behind)
		packet = dst
	}
	cipher.setCounter(binary.BigEndian.Uint32(packet[8:]), roc)
	plain, err := cipher.DecryptRTP(dst, packet, &c.header)
	if cap(c.header.Extensions) > maxExtensions {
		c.header.Extensions = nil
	}
	if err != nil {
		return nil, ErrVerify
	}
	return plain, nil
}

// DecryptRTP opens an RTP packet whose rollover counter is known and returns
// it with its header. The result shares the memory of dst, which must not
// overlap the packet, when its capacity suffices: that of the packet always does.
func (c *Context) DecryptRTP(dst, packet []byte, roc uint32) ([]byte, error) {
	return c.decrypt(dst, packet, c.layouts[0], roc)
}

const (
	controlHead  = 8 // octets in clear
	controlIndex = 4 // E bit and index
)

// DecryptRTCP opens an SRTCP packet (RFC 3711 §3.4), whose index it carries.
// The result shares the memory of dst when its capacity suffices.
func (c *Context) DecryptRTCP(dst, packet []byte) ([]byte, error) {
	for _, l := range c.layouts {
		if l.twin {
			continue // the tag of SRTCP has one length
		}
		if plain, err := c.decryptControl(dst, packet, l.mki); err == nil {
			return plain, nil
		}
	}
	return nil, ErrVerify
}

func (c *Context) decryptControl(dst, packet []byte, mki int) ([]byte, error) {
	tag := c.key.Suite.properties().controlTag
	if len(packet) < controlHead+controlIndex+mki+tag {
		return nil, ErrShort
	}
	if mki > 0 {
		behind := tag
		if c.key.Suite.isGCM() {
			behind = 0
		}
		dst = without(dst, packet, mki, behind)
		packet = dst
	}
	cipher, err := c.cipher(false)
	if err != nil {
		return nil, err
	}
	if _, known := cipher.Index(binary.BigEndian.Uint32(packet[4:])); !known {
		cipher.sources++
	}
	plain, err := cipher.DecryptRTCP(dst, packet, &c.control)
	if err != nil {
		return nil, ErrVerify
	}
	return plain, nil
}

// Key is what the context was made of.
func (c *Context) Key() *Key { return &c.key }
