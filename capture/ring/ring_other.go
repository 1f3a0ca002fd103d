//go:build !linux

package ring

import (
	"sipsniff/capture"
	"sipsniff/capture/libpcap"
)

// A Source captures live. Here is none.
type Source struct{}

var _ capture.Source = (*Source)(nil)

// Open returns ErrUnsuited.
func Open([]string, libpcap.Config) (*Source, error) { return nil, ErrUnsuited }

// Next returns ErrUnsuited.
func (*Source) Next(*capture.Frame) error { return ErrUnsuited }

// Forms is empty.
func (*Source) Forms() []string { return nil }

// Info describes nothing.
func (*Source) Info() []capture.SourceInfo { return nil }

// Drops counts nothing.
func (*Source) Drops() capture.Drops { return capture.Drops{} }

// Close does nothing.
func (*Source) Close() error { return nil }
