package tls

import "fmt"

// maxAlerts is how many alerts of a connection are remembered.
const maxAlerts = 8

// An Alert is what one side says before it gives up (RFC 8446 §6).
type Alert struct {
	FromClient bool
	Fatal      bool
	Code       uint8
}

// Name is the alert's name in the standard.
func (a Alert) Name() string {
	if name, ok := alertNames[a.Code]; ok {
		return name
	}
	return fmt.Sprintf("alert_%d", a.Code)
}

// String says who sent what: "fatal handshake_failure from the server".
func (a Alert) String() string {
	level, from := "warning", "server"
	if a.Fatal {
		level = "fatal"
	}
	if a.FromClient {
		from = "client"
	}
	return level + " " + a.Name() + " from the " + from
}

var alertNames = map[uint8]string{
	0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed", 22: "record_overflow",
	30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate", 42: "bad_certificate", 43: "unsupported_certificate",
	44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca",
	49: "access_denied", 50: "decode_error", 51: "decrypt_error", 60: "export_restriction", 70: "protocol_version",
	71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation",
	109: "missing_extension", 110: "unsupported_extension", 111: "certificate_unobtainable", 112: "unrecognized_name",
	113: "bad_certificate_status_response", 114: "bad_certificate_hash_value", 115: "unknown_psk_identity",
	116: "certificate_required", 120: "no_application_protocol", 121: "ech_required",
}

// addAlert remembers an alert other than the regular end of a connection.
func (f *Facts) addAlert(fromClient bool, b []byte) {
	if len(b) != 2 || b[0] == 0 || b[0] > 2 || b[1] == 0 || len(f.Alerts) >= maxAlerts {
		return
	}
	f.Alerts = append(f.Alerts, Alert{FromClient: fromClient, Fatal: b[0] == 2, Code: b[1]})
}
