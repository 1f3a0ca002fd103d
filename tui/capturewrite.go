package tui

// askRecord asks for a file to write every packet to, or whether to end that.
func (u *UI) askRecord() {
	file := u.clean(u.status.Output)
	if file == "" {
		u.ask("write every packet to: ", u.now().Format("2006-01-02_150405")+".pcapng", u.record)
		return
	}
	u.askAbout(InConfirm, "Write to file (S)", []string{"Stop writing to " + file + "?", "The capture goes on"},
		button{"Stop writing", (*UI).stopRecord}, button{"Go on", nil})
}

// record writes every packet from now on to a file.
func (u *UI) record(name string) {
	if name == "" {
		return
	}
	name = atHome(name)
	if err := u.config.Record(name); err != nil {
		u.say("%s", hinted(err))
		return
	}
	u.say("every packet from now on is written to %s; S ends that", name)
}

func (u *UI) stopRecord() {
	file := u.clean(u.status.Output)
	if err := u.config.Record(""); err != nil {
		u.say("%s", hinted(err))
		return
	}
	u.say("%s is whole", file)
}

func (u *UI) canRecord() bool { return u.config.Record != nil && !u.status.Done }

// switchMedia lets RTP pass, or looks at it again.
func (u *UI) switchMedia() {
	on := u.status.MediaOff
	u.config.Media(on)
	if on {
		u.say("RTP is looked at again; streams that were going on have a gap")
		return
	}
	u.say("RTP is let pass from now on: its figures get a ?, and nothing is found about it")
}

func (u *UI) canSwitchMedia() bool { return u.config.Media != nil && !u.status.Done }
