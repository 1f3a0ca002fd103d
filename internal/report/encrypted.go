package report

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"sipsniff/decode"
	"sipsniff/decode/tls"
	"sipsniff/internal/amount"
	"sipsniff/internal/clean"
)

// mostEncrypted is how many encrypted connections the text report lists.
const mostEncrypted = 50

type encrypted struct {
	Source           string   `json:"source"` // the client
	Destination      string   `json:"destination"`
	SNI              string   `json:"sni,omitempty"`
	ALPN             string   `json:"alpn,omitempty"`
	ALPNOffered      []string `json:"alpn_offered,omitempty"`
	Version          string   `json:"version,omitempty"`
	Cipher           string   `json:"cipher,omitempty"`
	CertificateNames []string `json:"certificate_names,omitempty"`
	Alerts           []alert  `json:"alerts"`
	First            string   `json:"first"`
	Last             string   `json:"last"`
	FirstFrame       int      `json:"first_frame"`
	LastFrame        int      `json:"last_frame"`
	Octets           uint64   `json:"octets"`
	OctetsSent       uint64   `json:"octets_sent"` // by the source
	OctetsReceived   uint64   `json:"octets_received"`
	Decrypted        bool     `json:"decrypted"`
	Records          uint64   `json:"records"` // that were encrypted
	RecordsDecrypted uint64   `json:"records_decrypted"`
	RecordsFailed    uint64   `json:"records_failed"`
	RecordsForged    uint64   `json:"records_forged,omitempty"`
	SIPMessages      uint64   `json:"sip_messages"`
	Closed           bool     `json:"closed"`
	ClientRandom     string   `json:"client_random,omitempty"` // by which key logs name the connection
	ReasonCode       string   `json:"reason_code,omitempty"`
	Reason           string   `json:"reason,omitempty"` // why it is not decrypted, or not all of it
}

type alert struct {
	From        string `json:"from"` // "client" or "server"
	Level       string `json:"level"`
	Code        uint8  `json:"code"`
	Description string `json:"description"`
}

func newEncrypted(c *decode.TLSConnection) encrypted {
	out := encrypted{
		Source: addr(c.Source), Destination: addr(c.Destination), SNI: c.ServerName, ALPN: c.Protocol, ALPNOffered: c.Offered,
		Version: tls.VersionName(c.Version), CertificateNames: c.Names, Alerts: make([]alert, len(c.Alerts)),
		First: stamp(c.First), Last: stamp(c.Last), FirstFrame: c.FirstFrame, LastFrame: c.LastFrame,
		Octets: c.Sent + c.Received, OctetsSent: c.Sent, OctetsReceived: c.Received,
		Decrypted: howDecrypted(c) != "no", Records: c.Protected, RecordsDecrypted: c.Decrypted, RecordsFailed: c.Failed, RecordsForged: c.Forged,
		SIPMessages: c.Messages, Closed: c.Closed, ReasonCode: c.Reason.Code, Reason: c.Reason.Text,
	}
	if c.Suite != 0 {
		out.Cipher = tls.SuiteName(c.Suite)
	}
	if c.HasRandom {
		out.ClientRandom = hex.EncodeToString(c.Random[:])
	}
	for i, a := range c.Alerts {
		out.Alerts[i] = alert{From: "server", Level: "warning", Code: a.Code, Description: a.Name()}
		if a.FromClient {
			out.Alerts[i].From = "client"
		}
		if a.Fatal {
			out.Alerts[i].Level = "fatal"
		}
	}
	return out
}

// writeEncrypted lists the encrypted connections that look like SIP.
func writeEncrypted(w io.Writer, connections []decode.TLSConnection) error {
	t := newTable("Encrypted connection", "", "Server name", "Version", "Cipher", ">Octets", ">SIP", "Decrypted", "Frames")
	var needs []string
	others, left := 0, 0
	for i := range connections {
		c := &connections[i]
		switch {
		case !c.LooksLikeSIP():
			others++
			continue
		case len(t.rows) == mostEncrypted:
			left++
			continue
		}
		t.add(addr(c.Source), addr(c.Destination), serverName(c), tls.VersionName(c.Version), cipherName(c), amount.Grouped(c.Sent+c.Received),
			amount.Grouped(c.Messages), howDecrypted(c), fmt.Sprintf("%d-%d", c.FirstFrame, c.LastFrame))
		if c.Reason.Text != "" {
			needs = append(needs, fmt.Sprintf("  frame %d: %s", c.FirstFrame, clean.Line(c.Reason.Text)))
		}
	}
	if len(t.rows)+others > 0 {
		fmt.Fprintln(w)
	}
	if len(t.rows) > 0 {
		if err := t.write(w); err != nil {
			return err
		}
		for _, line := range needs {
			fmt.Fprintln(w, line)
		}
	}
	if left > 0 {
		fmt.Fprintf(w, "%s: probably SIP\n", amount.Of(left, "further encrypted connection"))
	}
	if others > 0 {
		fmt.Fprintf(w, "%s: nothing there looks like SIP\n", amount.Of(others, "other encrypted connection"))
	}
	return nil
}

func serverName(c *decode.TLSConnection) string {
	switch {
	case c.ServerName != "":
		return c.ServerName
	case len(c.Names) > 0:
		return c.Names[0]
	}
	return none
}

func cipherName(c *decode.TLSConnection) string {
	if c.Suite == 0 {
		return none
	}
	return strings.TrimPrefix(tls.SuiteName(c.Suite), "TLS_")
}

func howDecrypted(c *decode.TLSConnection) string {
	switch {
	case c.Decrypted > 0 && c.Reason.Code == "":
		return "yes"
	case c.Opened > 0:
		return "in part"
	}
	return "no"
}
