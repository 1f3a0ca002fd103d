package main

import (
	"fmt"
	"os"
)

// An original is a file as it was when it was opened.
type original struct {
	name string
	info os.FileInfo
}

// originals notes the files of an input that can be read again.
func originals(names []string) (list []original) {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && name != "-" {
			list = append(list, original{name, info})
		}
	}
	return list
}

// unchanged refuses to read again what is another file by now, or has lost its
// end: frames are told by their numbers. One that grew is as good as before.
func unchanged(list []original) error {
	for _, o := range list {
		info, err := os.Stat(o.name)
		switch {
		case err != nil:
			return &fileError{text: fmt.Sprintf("%s: is not there any more", o.name), hint: "put it back where it was"}
		case !os.SameFile(o.info, info) || info.Size() < o.info.Size():
			return &fileError{text: fmt.Sprintf("%s: is not the file any more that was read", o.name), hint: "open it again, with :open or anew"}
		}
	}
	return nil
}
