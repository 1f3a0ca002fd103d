package hepnet

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"sipsniff/decode/hep"
)

// An Endpoint is where HEP is received or sent to.
type Endpoint struct {
	Network string // "udp" or "tcp"
	Address string // HOST:PORT; without HOST it is every address of this machine
}

// String returns the endpoint as ParseEndpoint reads it.
func (e Endpoint) String() string { return e.Network + ":" + e.Address }

// An EndpointError is a text that names no endpoint.
type EndpointError struct{ Text, Reason string }

// Error implements error.
func (e *EndpointError) Error() string {
	return fmt.Sprintf("%q is no HEP address: %s", e.Text, e.Reason)
}

// Hint returns the next step.
func (*EndpointError) Hint() string {
	return "write udp:HOST:PORT or tcp:HOST:PORT, such as udp:192.0.2.5:9060 or tcp:[2001:db8::5]:9060"
}

// ParseEndpoint reads "udp:HOST:PORT" or "tcp:HOST:PORT". Without a port it is
// 9060; a number alone is a port.
func ParseEndpoint(text string) (Endpoint, error) {
	network, address, ok := strings.Cut(text, ":")
	if !ok || network != "udp" && network != "tcp" {
		return Endpoint{}, &EndpointError{Text: text, Reason: "it begins with neither udp: nor tcp:"}
	}
	host, port, err := net.SplitHostPort(address)
	switch {
	case err == nil:
	case isNumber(address):
		host, port = "", address
	default:
		host, port = strings.Trim(address, "[]"), strconv.Itoa(hep.Port)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return Endpoint{}, &EndpointError{Text: text, Reason: fmt.Sprintf("%q is no port", port)}
	} else if strings.ContainsAny(host, " \t[]") {
		return Endpoint{}, &EndpointError{Text: text, Reason: fmt.Sprintf("%q is no host", host)}
	} else {
		port = strconv.FormatUint(n, 10)
	}
	return Endpoint{Network: network, Address: net.JoinHostPort(host, port)}, nil
}

// ParseTarget reads an endpoint to send to, which has a host and a port.
func ParseTarget(text string) (Endpoint, error) {
	e, err := ParseEndpoint(text)
	if err != nil {
		return e, err
	}
	if host, port, _ := net.SplitHostPort(e.Address); host == "" || port == "0" {
		return Endpoint{}, &EndpointError{Text: text, Reason: "it lacks the host or the port to send to"}
	}
	return e, nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}
