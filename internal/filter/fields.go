package filter

// fieldTable is every field but header.NAME, in the order of docs/FILTER.md.
// To make a value available, give its field the function that reads it.
var fieldTable = [...]field{
	// Who
	{name: "from", kind: kindText, texts: from},
	{name: "to", kind: kindText, texts: to},
	{name: "user", kind: kindText, texts: users},
	{name: "number", kind: kindText, texts: phoneNumbers, spell: digitsOf},
	{name: "host", kind: kindText, texts: hosts},
	{name: "uri", kind: kindText, texts: uris},
	{name: "contact", kind: kindText, texts: headers("Contact"), deep: true},
	{name: "pai", kind: kindText, texts: headers("P-Asserted-Identity"), deep: true},
	{name: "ua", kind: kindText, texts: userAgents, deep: true},
	{name: "callid", kind: kindText, texts: callID},
	{name: "xcid", kind: kindText, texts: headers("X-CID", "X-Call-ID"), deep: true},

	// Where
	{name: "src", kind: kindAddress, addresses: source},
	{name: "dst", kind: kindAddress, addresses: destination},
	{name: "peer", kind: kindAddress, addresses: peers},
	{name: "port", kind: kindWhole, numbers: ports},
	{name: "transport", kind: kindText, texts: transport},
	{name: "iface", kind: kindText, texts: interfaces},
	{name: "vlan", kind: kindWhole, numbers: vlans},
	{name: "alias", kind: kindText, aliases: true},

	// What
	{name: "method", kind: kindText, texts: method},
	{name: "state", kind: kindState},
	{name: "code", kind: kindWhole, number: code},
	{name: "reason", kind: kindText, texts: reasons},
	{name: "q850", kind: kindWhole, number: q850},
	{name: "cseq", kind: kindWhole, numbers: cseqs},
	{name: "body", kind: kindText, texts: bodies, deep: true},
	{name: "sdp", kind: kindText, texts: descriptions, deep: true},
	{name: "msg", kind: kindText, texts: messages, deep: true},

	// When
	{name: "time", kind: kindTime, instant: started},
	{name: "since", kind: kindAge, number: age},
	{name: "dur", kind: kindSeconds, number: duration},
	{name: "pdd", kind: kindSeconds, number: postDialDelay},
	{name: "ring", kind: kindSeconds, number: ring},
	{name: "rtt", kind: kindMilliseconds, number: roundTrip},
	{name: "idx", kind: kindWhole, number: index},

	// Media: of several streams the worst counts
	{name: "codec", kind: kindText, texts: codecs},
	{name: "mos", kind: kindNumber, number: score},
	{name: "loss", kind: kindNumber, number: loss},
	{name: "jitter", kind: kindMilliseconds, number: jitter},
	{name: "burst", kind: kindNumber, number: burstRatio},
	{name: "ptime", kind: kindMilliseconds, numbers: packetTimes},
	{name: "dtmf", kind: kindText, texts: digits},
	{name: "ssrc", kind: kindSSRC, numbers: ssrcs},
	{name: "srtp", kind: kindYesNo, answer: secure},
	{name: "t38", kind: kindYesNo, answer: fax},
	{name: "oneway", kind: kindYesNo, answer: oneWay},
	{name: "silent", kind: kindYesNo, answer: silent},

	// Else
	{name: "legs", kind: kindWhole, number: legs},
	{name: "msgs", kind: kindWhole, number: messageCount},
	{name: "retrans", kind: kindWhole, number: retransmissions},
	{name: "dup", kind: kindWhole, number: duplicates},
	{name: "marked", kind: kindYesNo, answer: marked},
	{name: "severity", kind: kindSeverity},
	{name: "finding", kind: kindText, texts: findings, phrase: true},
	{name: "problem", kind: kindText, texts: problems, phrase: true},
}
