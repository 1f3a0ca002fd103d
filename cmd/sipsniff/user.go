package main

import (
	"fmt"
	"os/user"
	"strconv"
	"strings"
)

// An account is somebody else that the program becomes.
type account struct {
	name     string
	uid, gid int
}

// accountOf looks up NAME or NAME:GROUP.
func accountOf(text string) (account, error) {
	name, group, hasGroup := strings.Cut(text, ":")
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, &usageError{text: fmt.Sprintf("--user %s: %v", text, err), hint: "--user NAME or NAME:GROUP, of this machine"}
	}
	gid := u.Gid
	if hasGroup {
		g, err := user.LookupGroup(group)
		if err != nil {
			return account{}, &usageError{text: fmt.Sprintf("--user %s: %v", text, err), hint: "--user NAME or NAME:GROUP, of this machine"}
		}
		gid = g.Gid
	}
	a := account{name: name}
	if a.uid, err = strconv.Atoi(u.Uid); err == nil {
		a.gid, err = strconv.Atoi(gid)
	}
	if err != nil {
		return a, &usageError{text: fmt.Sprintf("--user %s: this system has no numbers of users", text)}
	}
	return a, nil
}

// dropRights becomes the user of --user, for good, once everything is open.
func (o *options) dropRights(s *session) error {
	if o.user == "" {
		return nil
	}
	a, err := accountOf(o.user)
	if err != nil {
		return err
	}
	if s.record != nil {
		s.record.GiveTo(a.uid, a.gid)
	}
	if err := a.become(); err != nil {
		return &fileError{text: fmt.Sprintf("--user %s: %v", o.user, err), hint: "only root can become somebody else; the capability cap_net_raw needs no other user"}
	}
	return nil
}
