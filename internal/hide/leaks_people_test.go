package hide

import (
	"strings"
	"testing"
)

// Whoever is named in a header is hidden, however carelessly it was written.
func TestPeopleLeak(t *testing.T) {
	for _, l := range []leak{
		{"display without scheme", Numbers, request("Remote-Party-ID: \"Carla Wagner\" <4711@h>\r\n", "", ""), "Carla|Wagner|4711"},
		{"display h323", Numbers, request("P-Asserted-Identity: \"Carla Wagner\" <h323:carla@h>\r\n", "", ""), "Carla|Wagner|carla"},
		{"display comma", Numbers, request("P-Asserted-Identity: Wagner, Carla <sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"display unbalanced", Numbers, request("P-Asserted-Identity: \"Carla Wagner <sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"display with odd quotes", Numbers, request("P-Asserted-Identity: \\\"Carla Wagner\\\" <sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"display folded", Numbers, request("P-Asserted-Identity: \"Carla\r\n Wagner\"\r\n <sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"display tab", Numbers, request("f:\t\"Carla\tWagner\"\t<sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"no colon", Numbers, request("Carla Wagner\r\n", "", ""), "Carla|Wagner"},
		{"uri without scheme", Numbers, strings.Replace(request("", "", ""), "sip:bertha@192", "carla@192", 1), "carla"},
		{"h323 request", Numbers, strings.Replace(request("", "", ""), "sip:bertha@192", "h323:carla@192", 1), "carla"},
		{"sip no user", Numbers, strings.Replace(request("Contact: <sip:carla>\r\n", "", ""), "sip:bertha@192", "sip:carla@192", 1), "carla"},
		{"escaped", Numbers, request("Contact: <sip:%63arla@h>\r\nP-Asserted-Identity: <sip:%34%39%33%30@h>\r\n", "", ""), "%63|%34%39"},
		{"number with separators", Numbers, request("X-CLI: +44 20 7946 0018\r\nX-N: (030) 123-456\r\n", "", ""), "7946|0018"},
		{"known with separators", Numbers, request("X-CLI: 4930-123-456\r\n", "", ""), "123-456"},
		{"name with digits", Numbers, request("X-User: bertha77\r\n", "", ""), "bertha"},
		{"short name", Numbers, request("X-User: Ann\r\nContact: <sip:ann@h>\r\n", "", ""), "Ann"},
		{"short number param", Numbers, request("X-User: a;ext=4711\r\nContact: <sip:4711@h>\r\n", "", ""), "4711"},
		{"event call-id", Numbers, request("Event: dialog;call-id=bertha-1\r\n", "", ""), "bertha-1"},
		{"filename", Numbers, request("Content-Disposition: attachment;filename=\"bertha.jpg\"\r\n", "", ""), "bertha.jpg"},
		{"organization", Numbers, request("Organization: Carla Wagner\r\n", "", ""), "Carla"},
		{"display without brackets", Numbers, request("P-Asserted-Identity: \"Carla Wagner\" sip:x1@h\r\nContact: Hilde tel:+1\r\nReply-To: Emil;tag=1\r\n", "", ""), "Carla|Wagner|Hilde|Emil"},
		{"bracket in front", Numbers, request("P-Asserted-Identity:<\"Carla Wagner\" <sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"name cut by a line end", Numbers, request("P-Asserted-Identity: \"Carla Wag\nner\" <sip:x1@h>\r\n", "", ""), "Carla|Wag|ner"},
		{"line end without LF", Numbers, request("Expires: 60\rP-Asserted-Identity: \"Carla Wagner\" <sip:x1@h>\r\n", "", ""), "Carla|Wagner"},
		{"colon of a uri", Numbers, request("P-Asserted-Identity \"Carla Wagner\" <sip:carla@h>\r\n", "", ""), "Carla|Wagner|carla"},
		{"mailto", Numbers, request("Call-Info: <http://carla:pw@h/carla>\r\n", "", ""), "carla:"},
	} {
		l.check(t)
	}
}
