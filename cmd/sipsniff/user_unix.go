//go:build unix

package main

import "syscall"

// become gives up everything that the program may do as the user it is, in all
// of its threads. Capabilities of root go with it.
func (a account) become() error {
	if err := syscall.Setgroups([]int{a.gid}); err != nil {
		return err
	}
	if err := syscall.Setgid(a.gid); err != nil {
		return err
	}
	return syscall.Setuid(a.uid)
}
