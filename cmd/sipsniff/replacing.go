package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sipsniff/capture"
)

// replacing writes a file beside its place and moves it there when it is whole.
// Who may read it is as with any new file, or as it was with the one it replaces.
// A link stays one, and a device or a pipe is written into.
func replacing(name string, write func(temporary string) error) (octets int64, err error) {
	said := name
	name, special := place(name)
	if special {
		return 0, notSaved(said, name, write(name))
	}
	f, err := beside(name)
	if err != nil {
		return 0, notSaved(said, temporaryOf(err), err)
	}
	temporary := f.Name()
	if old, statErr := os.Stat(name); statErr == nil {
		err = f.Chmod(old.Mode().Perm())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = write(temporary)
	}
	info, statErr := os.Stat(temporary)
	if err = errors.Join(err, statErr); err == nil {
		err = os.Rename(temporary, name)
	}
	if err != nil {
		_ = os.Remove(temporary) // it is not whole
		return 0, notSaved(said, temporary, err)
	}
	return info.Size(), nil
}

// place is where a file is written that has a name: where a link leads. It is special
// when that is there and no file: a device or a pipe.
func place(name string) (at string, special bool) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	there, err := os.Stat(name)
	return name, err == nil && !there.Mode().IsRegular() && !there.IsDir()
}

// beside makes an empty file in the folder of another.
func beside(name string) (*os.File, error) {
	temporary := filepath.Join(filepath.Dir(name), fmt.Sprintf(".sipsniff-%d-%d%s", os.Getpid(), time.Now().UnixNano(), filepath.Ext(name)))
	return os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// temporaryOf is the file that an error is about.
func temporaryOf(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Path
	}
	return ""
}

// notSaved tells an error by the name of the file that was to be saved, and once:
// nobody knows of the one that is written in its place. Other errors stay.
func notSaved(name, temporary string, err error) error {
	var path *fs.PathError
	var moved *os.LinkError
	var opened *capture.FileError
	var written *capture.WriteError
	switch {
	case errors.As(err, &written) && written.Name == temporary:
		err = written.Err
	case errors.As(err, &opened) && opened.Name == temporary:
		err = opened.Err
	case errors.As(err, &path) && path.Path == temporary:
		err = path.Err
	case errors.As(err, &moved) && moved.Old == temporary:
		err = moved.Err
	default:
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}
