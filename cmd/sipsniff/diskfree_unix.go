//go:build linux || darwin || freebsd

package main

import "golang.org/x/sys/unix"

// diskFree is how many octets the disk of a folder has left for us.
func diskFree(folder string) (octets uint64, ok bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(folder, &st); err != nil {
		return 0, false
	}
	return uint64(max(0, int64(st.Bavail))) * uint64(st.Bsize), true
}
