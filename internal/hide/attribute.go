package hide

import "bytes"

// attributes are those of SDP whose values are terms, figures and addresses. Of all others nobody knows whether they
// name somebody or hold a key; the names of some of ours are damaged in real captures.
var attributes = setOf("rtpmap fmtp ptime maxptime minptime sendrecv sendonly recvonly inactive rtcp rtcp-mux rtcp-mux-only rtcp-rsize rtcp-fb rtcp-xr " +
	"ssrc ssrc-group group msid msid-semantic mid candidate remote-candidates end-of-candidates ice-ufrag ice-options ice-lite ice-mismatch ice-pacing " +
	"fingerprint setup connection tls-id extmap extmap-allow-mixed rid simulcast imageattr framesize framerate bitrate maxprate cliprect quality orient " +
	"content label lang sdplang charset floorctrl confid userid floorid direction control range bundle-only sctp-port sctpmap max-message-size dcmap dcsa " +
	"curr des conf sqn cdsc cpar cparmin cparmax csup pcfg acfg tcap acap rmcap omcap mfcap bcap creq silencesupp ecan gpmd vbd x-cap x-sqn x-cpar " +
	"t38faxversion t38maxbitrate t38faxmaxbuffer t38faxmaxdatagram t38faxmaxifp t38faxratemanagement t38faxudpec t38faxudpecdepth t38faxfillbitremoval " +
	"t38faxtranscodingmmr t38faxtranscodingjbig t38modemtype t38vendorinfo x-nat x-rtp-session-id bsoft path accept-types accept-wrapped-types max-size " +
	"file-transfer-id msrp-cema oldoip oldcip oldcport oldmport alf nortpproxy tias maxptimes zrtp-hash recv-appid source-filter crypto ice-pwd key-mgmt")

// attribute masks keys and passwords, the names of sources (RFC 5576), which RTCP tells as well, and what attributes
// say that are not known.
func (h *Hider) attribute(value, marks []byte) {
	h.statements(value, marks)
	colon := bytes.IndexByte(value, ':') // -1 of a flag, of which all is the name
	if name := value[:until(value, ":")]; !attributes[lower(bytes.TrimRight(name, " \t\r\n"))] {
		h.blurAll(value[colon+1:], marks[colon+1:])
		return
	}
	h.uris(value, marks)
	keys := bytes.Split(value, []byte("inline:"))
	for _, key := range keys[1:] {
		h.blurFrom(key, 0)
	}
	for _, name := range []string{"crypto:", "ice-pwd:", "key-mgmt:"} {
		if len(keys) == 1 && len(value) >= len(name) && bytes.EqualFold(value[:len(name)], []byte(name)) {
			h.blurFrom(value, len(name))
		}
	}
	if cname := bytes.Index(value, []byte(" cname:")); bytes.HasPrefix(value, []byte("ssrc:")) && cname >= 0 {
		name := value[cname+len(" cname:"):]
		h.sourceName(bytes.TrimRight(name, "\r\n"))
	}
}

// blurFrom masks a key, up to the lifetime and the like behind it.
func (h *Hider) blurFrom(value []byte, from int) {
	if h.covers(Auth) && !h.learning {
		value = value[from:]
		h.secret.blur(value[:until(value, "|\r\n")])
	}
}

// sourceName masks what a source of media calls itself.
func (h *Hider) sourceName(name []byte) {
	if h.covers(Numbers|Addresses) && !h.learning {
		h.secret.blur(name)
	}
}
