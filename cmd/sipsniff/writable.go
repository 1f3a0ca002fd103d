package main

import (
	"errors"
	"io/fs"
	"os"
)

// writable says of a file that is to be written at the end why it cannot be, nil
// when nothing is known against it: reading what goes into it may take long.
func writable(name string) error {
	at, special := place(name)
	if special {
		return nil
	}
	return roomBeside(name, at)
}

// roomBeside says why no file can be made in the folder of another, which is called
// said by who named it.
func roomBeside(said, name string) error {
	f, err := beside(name)
	if err != nil {
		return unwritable(notSaved(said, temporaryOf(err), err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// overwritable is the same of one that is written in its place.
func overwritable(name string) error {
	there, err := os.Stat(name)
	switch {
	case name == "" || name == "-":
		return nil
	case err != nil:
		return writable(name)
	case !there.Mode().IsRegular():
		return nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return unwritable(notSaved(name, name, err))
	}
	return f.Close()
}

// unwritable adds the next step.
func unwritable(err error) error {
	hint := "name another file"
	switch {
	case errors.Is(err, fs.ErrPermission):
		hint = "name a file in a directory that you may write to"
	case errors.Is(err, fs.ErrNotExist):
		hint = "make its directory first, or name another file"
	}
	return &fileError{text: err.Error(), hint: hint}
}
