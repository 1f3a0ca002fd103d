package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"sipsniff/decode/tls"
	"sipsniff/internal/keylog"
)

// keyOptions say what opens encrypted connections.
type keyOptions struct {
	logs    []string // -k
	private []string // --tls-key
	record  bool     // --write-keys
	learned *keylog.Lines
}

func (k *keyOptions) declare(f *pflag.FlagSet) {
	f.StringArrayVarP(&k.logs, "keylog", "k", nil, "key log of TLS (SSLKEYLOGFILE)")
	f.BoolVar(&k.record, "write-keys", false, "record the secrets of -k, too")
	f.StringArrayVar(&k.private, "tls-key", nil, "RSA private key of a TLS server")
}

// open reads the keys. Key logs go on being followed.
func (k *keyOptions) open(ctx context.Context, live bool) (*tls.Secrets, *keylog.Follower, error) {
	secrets := tls.NewSecrets()
	secrets.Awaited = len(k.logs) > 0
	if k.record {
		k.learned = &keylog.Lines{}
		secrets.Added = k.learned.Add
	}
	for _, name := range k.private {
		keys, err := readPrivateKeys(name)
		if err != nil {
			return nil, nil, err
		}
		secrets.AddPrivateKeys(keys...)
	}
	if len(k.logs) == 0 {
		return secrets, nil, nil
	}
	logs, err := keylog.Open(ctx, k.logs, live, secrets)
	var unusable *keylog.Error
	if errors.As(err, &unusable) {
		err = &usageError{text: unusable.Error(), hint: unusable.Hint()}
	}
	return secrets, logs, err
}

// readPrivateKeys reads a PEM file.
func readPrivateKeys(name string) ([]tls.PrivateKey, error) {
	b, err := os.ReadFile(name)
	var keys []tls.PrivateKey
	if err == nil {
		keys, err = tls.ParsePrivateKeys(name, b)
	}
	var pathError *fs.PathError
	hint := "--tls-key takes the RSA private key of a server in PEM form"
	switch {
	case err == nil:
		return keys, nil
	case errors.As(err, &pathError):
		err = pathError.Err
	case errors.Is(err, tls.ErrEncrypted):
		hint = fmt.Sprintf("take the passphrase off: openssl pkey -in %s -out plain.pem", name)
	case errors.Is(err, tls.ErrNotRSA):
		hint = "only an RSA key exchange can be followed with a private key; have a program write a key log and give it with -k"
	}
	return nil, &usageError{text: fmt.Sprintf("%s: %v", name, err), hint: hint}
}

// filesRead are the captures and keys of a run, over which nothing is written.
func (o *options) filesRead(in input) []string {
	return slices.Concat(in.files, o.keys.logs, o.keys.private)
}
