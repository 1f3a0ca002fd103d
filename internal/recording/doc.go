// Package recording makes sound files of calls: it keeps the payloads of their
// streams, puts them on one axis of time, conceals what was lost, mixes the
// sides and writes WAV files; or it writes what cannot be decoded as it came.
package recording
