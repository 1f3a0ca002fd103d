package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"sipsniff/capture/libpcap"
)

// interfaces lists what can be captured on.
func (o *options) interfaces() error {
	list, err := libpcap.Interfaces()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "Interface\tState\tAddresses\tDescription")
	for _, i := range list {
		addrs := make([]string, len(i.Addresses))
		for n, a := range i.Addresses {
			addrs[n] = a.String()
		}
		state := "down"
		if i.Up {
			state = "up"
		}
		if i.Loopback {
			state += ", loopback"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", i.Name, state, strings.Join(addrs, " "), i.Description)
	}
	return w.Flush()
}
