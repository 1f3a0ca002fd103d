package tui

// SaveHide is what is taken out of what is saved.
type SaveHide struct {
	// Of everything: made of packets in which it is masked.
	Numbers, Addresses, Auth, Audio bool

	// Of texts: what people wrote to each other is left out, and stars stand for
	// the keys they pressed.
	Bodies, Keys bool
}

// Masks reports whether packets have to be masked for it.
func (h SaveHide) Masks() bool { return h.Numbers || h.Addresses || h.Auth || h.Audio }

// hideItem asks what is to be hidden.
func (d *saveDialog) hideItem() *checksItem {
	h := &d.hide
	return &checksItem{label: "Hide", f: &d.form, after: d.rename, checks: []check{
		{called("numbers"), &h.Numbers, d.masks}, {called("IP addresses"), &h.Addresses, d.masks},
		{called("auth headers"), &h.Auth, d.masks}, {called("audio"), &h.Audio, d.masks},
		{called("what people wrote"), &h.Bodies, d.inTexts}, {called("keys pressed (both: in texts)"), &h.Keys, d.inTexts},
	}}
}

// masks reports whether packets can be masked: sound has nothing of them, and where they are not kept there is nothing
// to be masked.
func (d *saveDialog) masks() bool {
	if d.formats[d.format].Name == "wav" {
		return false
	}
	for _, f := range d.formats {
		if f.Packets {
			return f.Missing == ""
		}
	}
	return false
}

// inTexts reports whether the format is a text about calls.
func (d *saveDialog) inTexts() bool { return !d.inPackets() && d.formats[d.format].Name != "wav" }

// hides is what is to be hidden, as far as the format can.
func (d *saveDialog) hides() SaveHide {
	h := d.hide
	if !d.masks() {
		h.Numbers, h.Addresses, h.Auth, h.Audio = false, false, false, false
	}
	return h
}
