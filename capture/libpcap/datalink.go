//go:build cgo && !nopcap

package libpcap

/*
#cgo !windows LDFLAGS: -lpcap
#include <stdint.h>
#include <pcap.h>

static int datalink(uintptr_t handle) {
	return pcap_datalink((pcap_t *)handle);
}

static int use_sll2(uintptr_t handle) {
#ifdef DLT_LINUX_SLL2
	return pcap_set_datalink((pcap_t *)handle, DLT_LINUX_SLL2);
#else
	return -1;
#endif
}
*/
import "C"

import (
	"reflect"

	"github.com/google/gopacket/pcap"

	"sipsniff/capture"
)

const linuxSLL2 = 276 // LINKTYPE_LINUX_SLL2

// cHandle is libpcap's own handle inside of gopacket's. gopacket keeps it to
// itself and speaks of link types as eight bits, which cannot say
// LINUX_SLL2; 0 means that it was not found.
func cHandle(h *pcap.Handle) C.uintptr_t {
	field := reflect.ValueOf(h).Elem().FieldByName("cptr")
	if field.Kind() != reflect.Pointer {
		return 0
	}
	return C.uintptr_t(field.Pointer())
}

// chooseLinkType gives the link type of the frames of h as capture files name
// it. On "any" it first asks for LINUX_SLL2, which tells the interfaces apart;
// an old libpcap stays with LINUX_SLL.
func chooseLinkType(h *pcap.Handle, name string) capture.LinkType {
	c := cHandle(h)
	if c == 0 {
		return fileLinkType(int(h.LinkType()))
	}
	if name == anyInterface {
		C.use_sll2(c)
	}
	return fileLinkType(int(C.datalink(c)))
}

// fileLinkType turns a DLT_ number into a LINKTYPE_ one. They differ where
// the systems did not agree on a number (tcpdump.org/linktypes.html).
func fileLinkType(dlt int) capture.LinkType {
	switch dlt {
	case 11:
		return 100 // ATM_RFC1483
	case 12, 14:
		return 101 // RAW
	case 15:
		return 102 // SLIP_BSDOS
	case 16:
		return 103 // PPP_BSDOS
	case 19:
		return 106 // ATM_CLIP
	}
	return capture.LinkType(dlt)
}
