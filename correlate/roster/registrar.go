package roster

import "net/netip"

// A deviceKey finds the registration that a REGISTER belongs to: by its
// source, by its Call-ID, by the instance of its contact (RFC 5626 §4.1).
type deviceKey struct {
	aor    string
	source netip.AddrPort
	callID string
	other  string
}

// A registrar puts REGISTERs together.
type registrar struct {
	c       *collector
	list    []*Registration
	devices map[deviceKey]*Registration
	aors    map[string][]*Registration
	omitted map[deviceKey]struct{}
}

func (c *collector) registrations() (list []*Registration, omitted int) {
	r := registrar{c: c, devices: make(map[deviceKey]*Registration), aors: make(map[string][]*Registration), omitted: make(map[deviceKey]struct{})}
	for _, x := range inOrder(c.register) {
		r.take(x)
	}
	for _, reg := range r.list {
		reg.finish(c.now)
	}
	return r.list, len(r.omitted)
}

func (r *registrar) take(x *exchange) {
	asked := readAsked(r.c.parse(x.lead()), x.lead())
	aor := address(asked.aor())
	reg := r.find(aor, x, &asked)
	if reg == nil {
		return
	}
	var told told
	if x.final != nil {
		told = readTold(r.c.parse(x.final))
	}
	reg.take(x, &asked, &told, r.c.now)
	if asked.star && x.status()/100 == 2 {
		r.clear(aor, reg, x)
	}
}

// find returns the registration that a REGISTER belongs to, nil when there is
// no room for another.
func (r *registrar) find(aor string, x *exchange, a *asked) *Registration {
	client, _ := x.ends()
	keys := []deviceKey{{aor: aor, callID: x.call.CallID}, {aor: aor, source: client}}
	if !x.call.HasCallID {
		keys = keys[1:]
	}
	if len(a.contacts) > 0 && a.contacts[0].Instance != "" {
		keys = append(keys, deviceKey{aor: aor, other: a.contacts[0].Instance + ";" + a.contacts[0].RegID})
	}
	var reg *Registration
	for _, k := range keys {
		if reg = r.devices[k]; reg != nil {
			break
		}
	}
	if reg == nil {
		if len(r.list) >= maxRecords {
			r.omitted[keys[len(keys)-1]] = struct{}{}
			return nil
		}
		reg = &Registration{AOR: a.aor(), Display: a.to.Display, Expires: -1, Delay: -1, DelayMean: -1, MinExpires: -1}
		r.list = append(r.list, reg)
		r.aors[aor] = append(r.aors[aor], reg)
	}
	for _, k := range keys {
		r.devices[k] = reg
	}
	return reg
}

// maxCleared bounds the devices that one Contact: * is looked up in.
const maxCleared = 100

// clear ends the registrations of other devices after a Contact: * at the same
// registrar.
func (r *registrar) clear(aor string, by *Registration, x *exchange) {
	others := r.aors[aor]
	for _, reg := range others[max(len(others)-maxCleared, 0):] {
		if reg == by || reg.fold.outcome != Registered || reg.Registrar.Addr() != by.Registrar.Addr() || reg.Since > x.final.Nanos {
			continue
		}
		reg.lapse(x.final.Nanos)
		reg.fold.outcome, reg.ClearedElsewhere = Unregistered, true
		reg.unbind()
		reg.change(Change{At: x.final.Nanos, Frame: x.final.Frame, State: Unregistered, Detail: "Contact: * of another device"})
	}
}
