package sip

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readMessage returns a message of testdata.
func readMessage(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".sip"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// findings writes the findings of a message as "severity code", sorted.
func findings(m *Message) []string {
	var list []string
	for _, f := range m.Findings {
		list = append(list, f.Severity.String()+" "+f.Code)
	}
	slices.Sort(list)
	return list
}

// A tortureCase says what spec §2.6 wants of one message.
type tortureCase struct {
	name     string
	method   string // "" for a response
	status   int
	callID   string
	cseq     string // digits, space, method
	fromTag  string
	branch   string
	vias     int
	findings []string
}

// rfc4475 is the table of spec §2.6 in its order.
var rfc4475 = []tortureCase{
	{"wsinv", "INVITE", 0, "wsinv.ndaksdj@192.0.2.1", "0009 INVITE", "98asjd8", "390skdjuw", 3,
		[]string{"info rfc2543_branch"}},
	{"intmeth", intMethod, 0, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", "139122385 " + intMethod,
		"_token~1'+`*%!-.", "z9hG4bK-.!%66*_+`'~", 1, []string{"info binary_in_header", "info unknown_method"}},
	{"esc01", "INVITE", 0, "esc01.239409asdfakjkn23onasd0-3234", "234234 INVITE", "938", "z9hG4bKkdjuw", 1, nil},
	{"escnull", "REGISTER", 0, "escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd", "14398234 REGISTER", "839923423",
		"z9hG4bKkdjuw", 1, nil},
	{"esc02", "RE%47IST%45R", 0, "esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf", "29344 RE%47IST%45R", "f232jadfj23",
		"z9hG4bK209%fzsnel234", 1, []string{"info unknown_method"}},
	{"lwsdisp", "OPTIONS", 0, "lwsdisp.1234abcd@funky.example.com", "60 OPTIONS", "323", "z9hG4bKkdjuw", 1, nil},
	{"longreq", "INVITE", 0, "longreq.one" + strings.Repeat("really", 20) + "longcallid", "3882340 INVITE",
		"12" + strings.Repeat("982", 50) + "424", "", 34, []string{"info rfc2543_branch"}},
	{"dblreq", "REGISTER", 0, "dblreq.0ha0isndaksdj99sdfafnl3lk233412", "8 REGISTER", "43251j3j324",
		"z9hG4bKkdjuw23492", 1, []string{"warning trailing_bytes"}},
	{"semiuri", "OPTIONS", 0, "semiuri.0ha0isndaksdj", "8 OPTIONS", "33242", "z9hG4bKkdjuw", 1, nil},
	{"transports", "OPTIONS", 0, "transports.kijh4akdnaqjkwendsasfdj", "60 OPTIONS", "323", "z9hG4bKkdjuw", 5, nil},
	{"mpart01", "MESSAGE", 0, "3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..", "1 MESSAGE", "2fb0dcc9",
		"z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-", 1, nil},
	{"unreason", "", 200, "unreason.1234ksdfak3j2erwedfsASdf", "35 INVITE", "11141343", "z9hG4bK1324923", 1,
		[]string{"info binary_in_header"}},
	{"noreason", "", 100, "noreason.asndj203insdf99223ndf", "35 INVITE", "39ansfi3", "z9hG4bK2398ndaoe", 1, nil},
	{"badinv01", "INVITE", 0, "badinv01.0ha0isndaksdjasdf3234nas", "8 INVITE", "134161461246", "", 1,
		[]string{"error bad_contact", "error bad_via", "info rfc2543_branch"}},
	{"clerr", "INVITE", 0, "clerr.0ha0isndaksdjweiafasdk3", "8 INVITE", "93942939o2", "z9hG4bK-39234-23523", 1,
		[]string{"error content_length_too_large"}},
	{"ncl", "INVITE", 0, "ncl.0ha0isndaksdj2193423r542w35", "0 INVITE", "32394234", "z9hG4bKkdjuw", 1,
		[]string{"error bad_content_length"}},
	{"scalar02", "REGISTER", 0, "scalar02.23o0pd9vanlq3wnrlnewofjas9ui32", "36893488147419103232 REGISTER", "239232jh3",
		"z9hG4bK342sdfoi3", 1, []string{"error contact_expires_out_of_range", "error cseq_out_of_range",
			"error expires_out_of_range", "error max_forwards_out_of_range"}},
	{"scalarlg", "", 503, "scalarlg.noase0of0234hn2qofoaf0232aewf2394r", "9292394834772304023312 OPTIONS", "2easdjfejw",
		"z9hG4bKzzxdiwo34sw", 1, []string{"error bad_warning", "error cseq_out_of_range",
			"error retry_after_out_of_range"}},
	{"quotbal", "INVITE", 0, "quotbal.aksdj", "8 INVITE", "93334", "z9hG4bKkdjuw39234", 1,
		[]string{"error unbalanced_quote"}},
	{"ltgtruri", "INVITE", 0, "ltgtruri.1@192.0.2.5", "1 INVITE", "39291", "", 1,
		[]string{"error bad_request_uri", "info rfc2543_branch"}},
	{"lwsruri", "INVITE", 0, "lwsruri.asdfasdoeoi2323-asdfwrn23-asd834rk423", "2130706432 INVITE", "231413434",
		"z9hG4bKkdjuw2395", 1, []string{"error bad_request_uri"}},
	{"lwsstart", "INVITE", 0, "lwsstart.dfknq234oi243099adsdfnawe3@example.com", "1893884 INVITE", "8814",
		"z9hG4bKkdjuw3923", 1, []string{"warning lws_start_line"}},
	{"trws", "OPTIONS", 0, "trws.oicu34958239neffasdhr2345r", "238923 OPTIONS", "329429089", "z9hG4bK299342093", 1,
		[]string{"warning lws_start_line"}},
	{"escruri", "INVITE", 0, "escruri.23940-asdfhj-aje3br-234q098w-fawerh2q-h4n5", "149209342 INVITE", "341518",
		"z9hG4bKkdjuw", 1, []string{"warning headers_in_request_uri"}},
	{"baddate", "INVITE", 0, "baddate.239423mnsadf3j23lj42--sedfnm234", "1392934 INVITE", "2234923", "z9hG4bKkdjuw", 1,
		[]string{"warning bad_date"}},
	{"regbadct", "REGISTER", 0, "regbadct.k345asrl3fdbv@192.0.2.133", "1 REGISTER", "998332", "z9hG4bKkdjuw", 1,
		[]string{"error uri_needs_brackets"}},
	{"badaspec", "OPTIONS", 0, "badaspec.sdf0234n2nds0a099u23h3hnnw009cdkne3", "3923239 OPTIONS", "433423",
		"z9hG4bKkdju43234", 1, []string{"error lws_in_uri"}},
	{"baddn", "OPTIONS", 0, "baddn.31415@c.example.com", "3923239 OPTIONS", "43", "z9hG4bKkdjuw", 1,
		[]string{"error bad_display_name"}},
	{"badvers", "OPTIONS", 0, "badvers.31417@c.example.com", "1 OPTIONS", "qweoiqpe", "z9hG4bKkdjuw", 1,
		[]string{"error version"}},
	{"mismatch01", "OPTIONS", 0, "mismatch01.dj0234sxdfl3", "8 INVITE", "34525", "z9hG4bKkdjuw", 1,
		[]string{"error method_mismatch"}},
	{"mismatch02", "NEWMETHOD", 0, "mismatch02.dj0234sxdfl3", "8 INVITE", "34525", "z9hG4bKkdjuw", 1,
		[]string{"error method_mismatch", "info unknown_method"}},
	{"bigcode", "", 0, "bigcode.asdof3uj203asdnf3429uasdhfas3ehjasdfas9i", "353494 INVITE", "39ansfi3",
		"z9hG4bK2398ndaoe", 1, []string{"error bad_status_code"}},
	{"badbranch", "OPTIONS", 0, "badbranch.sadonfo23i420jv0as0derf3j3n", "8 OPTIONS", "33242", "z9hG4bK", 1,
		[]string{"warning bad_branch"}},
	{"insuf", "INVITE", 0, "", "193942 INVITE", "", "z9hG4bKkdj.insuf", 1,
		[]string{"error missing_call_id", "error missing_from", "error missing_to"}},
	{"unkscm", "OPTIONS", 0, "unkscm.nasdfasser0q239nwsdfasdkl34", "3923423 OPTIONS", "384", "z9hG4bKkdjuw39234", 1, nil},
	{"novelsc", "OPTIONS", 0, "novelsc.asdfasser0q239nwsdfasdkl34", "3923423 OPTIONS", "384", "z9hG4bKkdjuw39234", 1, nil},
	{"unksm2", "REGISTER", 0, "unksm2.daksdj@hyphenated-host.example.com", "234902 REGISTER", "3234233",
		"z9hG4bKkdjuw", 1, nil},
	{"bext01", "OPTIONS", 0, "bext01.0ha0isndaksdj", "8 OPTIONS", "242etr", "z9hG4bKkdjuw", 1,
		[]string{"info unknown_option_tag"}},
	{"invut", "INVITE", 0, "invut.0ha0isndaksdjadsfij34n23d", "235448 INVITE", "8392034", "z9hG4bKkdjuw", 1,
		[]string{"info unknown_content_type"}},
	{"regaut01", "REGISTER", 0, "regaut01.0ha0isndaksdj", "9338 REGISTER", "87321hj23128", "z9hG4bKkdjuw", 1,
		[]string{"info unknown_auth_scheme"}},
	{"multi01", "INVITE", 0, "multi01.98asdh@192.0.2.1", "5 INVITE", "3413415", "z9hG4bKkdjuw", 1,
		[]string{"error duplicate_call_id", "error duplicate_cseq", "error duplicate_from",
			"error duplicate_max_forwards", "error duplicate_to"}},
	{"mcl01", "OPTIONS", 0, "mcl01.fhn2323orihawfdoa3o4r52o3irsdf", "15932 OPTIONS", "3923942", "z9hG4bK293423", 1,
		[]string{"error duplicate_content_length"}},
	{"bcast", "", 200, "bcast.0384840201234ksdfak3j2erwedfsASdf", "35 INVITE", "11141343", "z9hG4bK1324923", 2,
		[]string{"info misrouted_response"}},
	{"zeromf", "OPTIONS", 0, "zeromf.jfasdlfnm2o2l43r5u0asdfas", "39234321 OPTIONS", "3ghsd41", "z9hG4bKkdjuw2349i", 1, nil},
	{"cparam01", "REGISTER", 0, "cparam01.70710@saturn.example.com", "2 REGISTER", "DkfVgjkrtMwaerKKpe", "z9hG4bKkdjuw", 1, nil},
	{"cparam02", "REGISTER", 0, "cparam02.70710@saturn.example.com", "2 REGISTER", "DkfVgjkrtMwaerKKpe", "z9hG4bKkdjuw", 1, nil},
	{"regescrt", "REGISTER", 0, "regescrt.70710@saturn.example.com", "2 REGISTER", "DkfVgjkrtMwaerKKpe", "z9hG4bKkdjuw", 1, nil},
	{"sdp01", "INVITE", 0, "sdp01.ndaksdj9342dasdd", "8 INVITE", "234", "z9hG4bKkdjuw", 1, []string{"info sdp_not_accepted"}},
	{"inv2543", "INVITE", 0, "inv2543.1717@ift.client.example.com", "56 INVITE", "", "", 1,
		[]string{"info rfc2543", "info rfc2543_branch"}},
}

const intMethod = "!interesting-Method0123456789_*+`.%indeed'~"

// rfc5118 is the second table of spec §2.6.
var rfc5118 = []tortureCase{
	{"ipv6-good", "REGISTER", 0, "SSG9559905523997077@hlau_4100", "98176 REGISTER", "81x2", "z9hG4bKas3-111", 1, nil},
	{"ipv6-bad", "REGISTER", 0, "SSG9559905523997077@hlau_4100", "98176 REGISTER", "81x2", "z9hG4bKas3-111", 1,
		[]string{"error ipv6_no_brackets"}},
	{"port-ambiguous", "REGISTER", 0, "SSG9559905523997077@hlau_4100", "98176 REGISTER", "81x2", "z9hG4bKas3-111", 1,
		[]string{"warning ipv6_port_ambiguous"}},
	{"port-unambiguous", "REGISTER", 0, "SSG9559905523997077@hlau_4100", "98176 REGISTER", "81x2", "z9hG4bKas3-111", 1, nil},
	{"via-received-param-with-delim", "BYE", 0, "SSG9559905523997077@hlau_4100", "321 BYE", "81x2", "z9hG4bKas3-111", 1, nil},
	{"via-received-param-no-delim", "BYE", 0, "SSG9559905523997077@hlau_4100", "321 BYE", "81x2", "z9hG4bKas3-111", 1, nil},
	{"ipv6-in-sdp", "INVITE", 0, "SSG9559905523997077@hlau_4100", "8612 INVITE", "81x2", "z9hG4bKas3-111", 1, nil},
	{"mult-ip-in-header", "BYE", 0, "997077@lau_4100", "89187 BYE", "81x2", "z9hG4bKas3-111", 3, nil},
	{"mult-ip-in-sdp", "INVITE", 0, "SSG9559905523997077@hlau_4100", "8612 INVITE", "81x2", "z9hG4bKas3-111", 1, nil},
	{"ipv4-mapped-ipv6", "INVITE", 0, "SSG9559905523997077@hlau_4100", "8612 INVITE", "81x2", "z9hG4bKas3-111", 1, nil},
	{"ipv6-bug-abnf-3-colons", "OPTIONS", 0, "G9559905523997077@hlau_4100", "689 OPTIONS", "810x2", "z9hG4bKas3-111", 1,
		[]string{"info ipv6_triple_colon"}},
}

func TestRFC4475(t *testing.T) {
	if len(rfc4475) != 49 {
		t.Fatalf("%d messages, RFC 4475 has 49", len(rfc4475))
	}
	for _, c := range rfc4475 {
		t.Run(c.name, func(t *testing.T) { c.check(t, "rfc4475/") })
	}
}

func TestRFC5118(t *testing.T) {
	for _, c := range rfc5118 {
		t.Run(c.name, func(t *testing.T) { c.check(t, "rfc5118/") })
	}
}

func (c *tortureCase) check(t *testing.T, folder string) {
	m, err := Parse(readMessage(t, folder+c.name))
	if err != nil {
		t.Fatal(err)
	}
	if m.Method != c.method || m.StatusCode != c.status || m.IsRequest() == (c.method == "") {
		t.Errorf("start line: method %q status %d, want %q %d", m.Method, m.StatusCode, c.method, c.status)
	}
	if m.CallID != c.callID || m.HasCallID != (c.callID != "") {
		t.Errorf("Call-ID %q %v, want %q", m.CallID, m.HasCallID, c.callID)
	}
	if got := m.CSeq.Text + " " + m.CSeq.Method; got != c.cseq {
		t.Errorf("CSeq %q, want %q", got, c.cseq)
	}
	if m.From.Tag != c.fromTag {
		t.Errorf("From tag %q, want %q", m.From.Tag, c.fromTag)
	}
	if m.ViaCount != c.vias || m.Via.Branch != c.branch {
		t.Errorf("%d Vias, top branch %q; want %d, %q", m.ViaCount, m.Via.Branch, c.vias, c.branch)
	}
	if got := findings(m); !slices.Equal(got, c.findings) {
		t.Errorf("findings %q, want %q", got, c.findings)
	}
	if want := slices.ContainsFunc(c.findings, func(f string) bool { return strings.HasPrefix(f, "error") }); m.Malformed() != want {
		t.Errorf("malformed %v, want %v", m.Malformed(), want)
	}
}
