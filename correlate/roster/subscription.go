package roster

import (
	"net/netip"

	"sipsniff/correlate"
	"sipsniff/decode"
	"sipsniff/decode/notice"
)

// A Subscription is one of RFC 6665: a dialog, an event package and an id.
type Subscription struct {
	Call          *correlate.Call // of what nobody asked for: the latest
	Package       string          // "presence", "presence.winfo"
	Label         string          // what it is for, "" when not known
	ID            string          // of the Event header
	Origin        string          // "subscribe", "refer"; "unsolicited": a NOTIFY without a dialog; "earlier": how it began was not captured
	State         State           // Requested, Challenged, Rejected, NoReply, Accepted, Active, Pending (somebody has to allow it), Terminated, Expired or Unknown
	Reason        string          // why it was terminated
	RetryAfter    int64           // s; -1 when not said
	Status        int             // final response to the latest SUBSCRIBE or REFER; 0 when there is none
	StatusReason  string
	SubscriberURI string
	Resource      string // URI that it is about
	Subscriber    netip.AddrPort
	Notifier      netip.AddrPort
	Transport     decode.Transport
	UserAgent     string // of the subscriber
	Tags          [2]string

	Started    int64 // Unix ns
	Ended      int64 // Unix ns; 0 while it goes on
	Expires    int64 // s; -1 when not known
	ExpiresAt  int64 // Unix ns; 0 when not known
	MinExpires int64 // s, of a 423; -1 when there is none

	Refreshes, Challenges        int
	Notifications, NotifyRefused int
	NotifyUnanswered             int
	FirstNotify                  int64 // ns from the 2xx to the first NOTIFY, 0 when that came first; -1 when there was none
	FirstNotifyMissing           bool  // none came within 32 s (RFC 6665 §4.2.1.2 wants one at once)

	Contents     []Content // the latest that was notified; several of a list (RFC 4662)
	MoreContents int
	ContentAt    int64 // Unix ns
	ContentFrame int
	Said         []Saying // the latest that were different from the one before
	SaidBefore   int      // that are not in Said
	Frames       []int    // the latest

	hidden   bool
	accepted int64 // Unix ns, of the first 2xx
	referred uint32
	asked    int64
}

// A Content is a body and what of a list it is about.
type Content struct {
	notice.Content
	Of string // URI, of a resource list
}

// A Saying is what a notification said, and when.
type Saying struct {
	At    int64
	Frame int
	Words string
}
