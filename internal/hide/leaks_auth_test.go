package hide

import "testing"

// What proves who somebody is goes, however it was written, and keys with it.
func TestSecretsLeak(t *testing.T) {
	const all = Numbers | Addresses | Auth
	const sdp = "application/sdp"
	for _, l := range []leak{
		{"basic", Numbers, request("Authorization: Basic YmVydGhhOnB3\r\n", "", ""), "YmVydGhhOnB3"},
		{"folded creds", all, request("Authorization:\r\n Digest username=\r\n \"carla\",\r\n\tresponse=\t\"75872452\"\r\n", "", ""), "carla|75872452"},
		{"folded creds numbers", Numbers, request("Authorization:\r\n Digest username=\"carla\"\r\n", "", ""), "carla"},
		{"unbalanced creds", all, request("Authorization: Digest username=\"carla, realm=\"x\", response=\"75872452\"\r\n", "", ""), "carla|75872452"},
		{"damaged name", all, request("Authovization: Digest username=\"carla\", response=\"75872452\"\r\nX-Challenge: realm=\"x\",nonce=\"1701b042\"\r\n", "", ""), "carla|75872452|1701b042"},
		{"a name beside", all, request("X-Debug: \"Bertha Zwick\" <sip:b@h>;nonce=\"1701b042\"\r\nX-Note: response=75872452 of <sip:dora@h>, dora\r\n", "", ""), "Bertha|Zwick|1701b042|75872452|dora"},
		{"odd commas", all, request("Authorization: Digest username=\"x\", nonce,=\"1701b042\", opaque \"75872452\"\r\n", "", ""), "1701b042|75872452"},
		{"folded by damage", all, request("P-Asserted-Identity: <sip:x1@h>\r\n\troxy-Authorization: Digest username=\"carla\", response=\"75872452\"\r\n", "", ""), "carla|75872452"},
		{"unknown attributes", Numbers, request("", sdp, "v=0\r\na=identity:eyJhbGciOiJFUzI1NiJ9.eyJhdHRlc3Q\r\na=owner:Carla\r\na=ice-p,d:s3cr3tvalue\r\na=cryto:1 X inline:WVNfX19z\r\na=Wagner\r\na= ice-pwd:s3cr3tvalue\r\n"), "eyJhdHRlc3Q|Carla|s3cr3tvalue|WVNfX19z|Wagner"},
		{"two creds", Numbers, request("Authorization: Digest realm=\"x\", Digest username=\"carla\"\r\n", "", ""), "carla"},
		{"uri in creds", Numbers, request("Authorization: Digest realm=\"x\", uri=\"bertha@h\"\r\n", "", ""), "bertha@h"},
		{"escaped quote", all, request("Authorization: Digest username=\"car\\\"la\", response=\"75872452\"\r\n", "", ""), "la\"|75872452"},
		{"tokens", Auth, request("X-Auth-Token: s3cr3tvalue\r\nCookie: sid=s3cr3tvalue\r\nX-Password: s3cr3tvalue\r\n", "", ""), "s3cr3tvalue"},
		{"escaped creds", Auth, request("Refer-To: <sip:a@h?Authorization=Digest%20response%3D%2275872452%22>\r\n", "", ""), "75872452"},
		{"two passports", Numbers, request("Identity: eyJhbGci.eyJhdHRl.c2lnbmF0;info=<https://c.example/1>;ppt=shaken, eyJhbGcj.eyJvcmln.c2lnbmF2;info=<https://c.example/1>\r\n", "", ""), "eyJhdHRl|eyJvcmln|c2lnbmF2"},
		{"passport elsewhere", Numbers, request("X-Identity: eyJhbGciOiJFUzI1NiJ9.eyJhdHRlc3QiOiJBIn0.c2lnbmF0dXJl\r\n", "", ""), "eyJhdHRlc3QiOiJBIn0"},
		{"two inline", Auth, request("", sdp, "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19z|2^20|1:4;inline:NzB4d1BI|2^20|2:4\r\n"), "WVNfX19z|NzB4d1BI"},
		{"k clear", Auth, request("", sdp, "v=0\r\nk=clear:pass|wordy\r\n"), "pass|wordy"},
		{"keys packed", Auth, request("Content-Encoding: gzip\r\n", sdp, "inline:WVNfX19z"), "WVNfX19z"},
	} {
		l.check(t)
	}
}
