//go:build !unix

package main

import "errors"

func (a account) become() error { return errors.ErrUnsupported }
