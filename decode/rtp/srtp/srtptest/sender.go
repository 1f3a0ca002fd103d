// Package srtptest makes SRTP for tests of the rooms that may not import pion.
package srtptest

import (
	"testing"

	pion "github.com/pion/srtp/v3"

	"sipsniff/decode/rtp/srtp"
)

// A Sender protects packets as an endpoint does.
type Sender struct {
	t       testing.TB
	context *pion.Context
}

// profiles are the numbers of the protection profiles in pion.
var profiles = map[srtp.Suite]pion.ProtectionProfile{
	srtp.AES128CM80: pion.ProtectionProfileAes128CmHmacSha1_80,
	srtp.AES128CM32: pion.ProtectionProfileAes128CmHmacSha1_32,
	srtp.AES256CM80: pion.ProtectionProfileAes256CmHmacSha1_80,
	srtp.AES256CM32: pion.ProtectionProfileAes256CmHmacSha1_32,
	srtp.AES128GCM:  pion.ProtectionProfileAeadAes128Gcm,
	srtp.AES256GCM:  pion.ProtectionProfileAeadAes256Gcm,
}

// NewSender returns a sender whose rollover counter begins at roc.
func NewSender(t testing.TB, k srtp.Key, ssrc, roc uint32) *Sender {
	t.Helper()
	var options []pion.ContextOption
	if len(k.MKI) > 0 {
		options = append(options, pion.MasterKeyIndicator(k.MKI))
	}
	c, err := pion.CreateContext(k.Key, k.Salt, profiles[k.Suite], options...)
	if err != nil {
		t.Fatal(err)
	}
	c.SetROC(ssrc, roc)
	return &Sender{t: t, context: c}
}

// Described returns the sender that an a=crypto attribute describes.
func Described(t testing.TB, attribute string, ssrc, roc uint32) *Sender {
	t.Helper()
	c, err := srtp.ParseCrypto(attribute)
	if err != nil {
		t.Fatal(err)
	}
	return NewSender(t, srtp.Key{Suite: c.Suite, MasterKey: c.Keys[0]}, ssrc, roc)
}

// RTP protects an RTP packet.
func (s *Sender) RTP(packet []byte) []byte {
	s.t.Helper()
	sealed, err := s.context.EncryptRTP(nil, packet, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return sealed
}

// RTCP protects an RTCP compound.
func (s *Sender) RTCP(packet []byte) []byte {
	s.t.Helper()
	sealed, err := s.context.EncryptRTCP(nil, packet, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return sealed
}
