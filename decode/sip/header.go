package sip

// HeaderID identifies a header field that the program knows, whatever its
// spelling or compact form.
type HeaderID uint8

// The headers of spec §2.2, §2.3 and §2.5. Other is any header that has no
// HeaderID of its own.
const (
	Other HeaderID = iota
	HeaderAccept
	HeaderAcceptContact
	HeaderAcceptEncoding
	HeaderAcceptLanguage
	HeaderAlertInfo
	HeaderAllow
	HeaderAllowEvents
	HeaderAuthenticationInfo
	HeaderAuthorization
	HeaderCallID
	HeaderCallInfo
	HeaderContact
	HeaderContentDisposition
	HeaderContentEncoding
	HeaderContentLanguage
	HeaderContentLength
	HeaderContentType
	HeaderCSeq
	HeaderDate
	HeaderDiversion
	HeaderErrorInfo
	HeaderEvent
	HeaderExpires
	HeaderFrom
	HeaderGeolocation
	HeaderHistoryInfo
	HeaderIdentity
	HeaderIdentityInfo
	HeaderInReplyTo
	HeaderJoin
	HeaderMaxForwards
	HeaderMIMEVersion
	HeaderMinExpires
	HeaderMinSE
	HeaderOrganization
	HeaderPAccessNetworkInfo
	HeaderPAssertedIdentity
	HeaderPChargingVector
	HeaderPPreferredIdentity
	HeaderPRTPStat
	HeaderPath
	HeaderPriority
	HeaderPrivacy
	HeaderProxyAuthenticate
	HeaderProxyAuthorization
	HeaderProxyRequire
	HeaderRAck
	HeaderReason
	HeaderRecordRoute
	HeaderReferSub
	HeaderReferTo
	HeaderReferredBy
	HeaderRejectContact
	HeaderRemotePartyID
	HeaderReplaces
	HeaderReplyTo
	HeaderRequestDisposition
	HeaderRequire
	HeaderRetryAfter
	HeaderRoute
	HeaderRSeq
	HeaderSecurityClient
	HeaderSecurityServer
	HeaderSecurityVerify
	HeaderServer
	HeaderServiceRoute
	HeaderSessionExpires
	HeaderSessionID
	HeaderSIPETag
	HeaderSIPIfMatch
	HeaderSubject
	HeaderSubscriptionState
	HeaderSupported
	HeaderTargetDialog
	HeaderTimestamp
	HeaderTo
	HeaderUnsupported
	HeaderUserAgent
	HeaderVia
	HeaderWarning
	HeaderWWWAuthenticate
	HeaderXRTPStat

	headerCount
)

// headerInfo says how a header is spelled and repeated (spec §2.3).
type headerInfo struct {
	name      string
	compact   byte   // the one-letter form in lower case (spec §2.2), 0 for none
	list      bool   // commas at top level separate elements
	duplicate string // code of the finding when a header that may stand once is repeated
}

var headerTable = [headerCount]headerInfo{
	HeaderAccept:             {name: "Accept", list: true},
	HeaderAcceptContact:      {name: "Accept-Contact", compact: 'a', list: true},
	HeaderAcceptEncoding:     {name: "Accept-Encoding", list: true},
	HeaderAcceptLanguage:     {name: "Accept-Language", list: true},
	HeaderAlertInfo:          {name: "Alert-Info", list: true},
	HeaderAllow:              {name: "Allow", list: true},
	HeaderAllowEvents:        {name: "Allow-Events", compact: 'u', list: true},
	HeaderAuthenticationInfo: {name: "Authentication-Info"},
	HeaderAuthorization:      {name: "Authorization"},
	HeaderCallID:             {name: "Call-ID", compact: 'i', duplicate: "duplicate_call_id"},
	HeaderCallInfo:           {name: "Call-Info", list: true},
	HeaderContact:            {name: "Contact", compact: 'm', list: true},
	HeaderContentDisposition: {name: "Content-Disposition"},
	HeaderContentEncoding:    {name: "Content-Encoding", compact: 'e', list: true},
	HeaderContentLanguage:    {name: "Content-Language", list: true},
	HeaderContentLength:      {name: "Content-Length", compact: 'l', duplicate: "duplicate_content_length"},
	HeaderContentType:        {name: "Content-Type", compact: 'c', duplicate: "duplicate_content_type"},
	HeaderCSeq:               {name: "CSeq", duplicate: "duplicate_cseq"},
	HeaderDate:               {name: "Date", duplicate: "duplicate_date"},
	HeaderDiversion:          {name: "Diversion", list: true},
	HeaderErrorInfo:          {name: "Error-Info", list: true},
	HeaderEvent:              {name: "Event", compact: 'o', duplicate: "duplicate_event"},
	HeaderExpires:            {name: "Expires", duplicate: "duplicate_expires"},
	HeaderFrom:               {name: "From", compact: 'f', duplicate: "duplicate_from"},
	HeaderGeolocation:        {name: "Geolocation", list: true},
	HeaderHistoryInfo:        {name: "History-Info", list: true},
	HeaderIdentity:           {name: "Identity", compact: 'y'},
	HeaderIdentityInfo:       {name: "Identity-Info", compact: 'n'},
	HeaderInReplyTo:          {name: "In-Reply-To", list: true},
	HeaderJoin:               {name: "Join", duplicate: "duplicate_join"},
	HeaderMaxForwards:        {name: "Max-Forwards", duplicate: "duplicate_max_forwards"},
	HeaderMIMEVersion:        {name: "MIME-Version"},
	HeaderMinExpires:         {name: "Min-Expires"},
	HeaderMinSE:              {name: "Min-SE", duplicate: "duplicate_min_se"},
	HeaderOrganization:       {name: "Organization"},
	HeaderPAccessNetworkInfo: {name: "P-Access-Network-Info"},
	HeaderPAssertedIdentity:  {name: "P-Asserted-Identity", list: true},
	HeaderPChargingVector:    {name: "P-Charging-Vector"},
	HeaderPPreferredIdentity: {name: "P-Preferred-Identity", list: true},
	HeaderPRTPStat:           {name: "P-RTP-Stat"},
	HeaderPath:               {name: "Path", list: true},
	HeaderPriority:           {name: "Priority"},
	HeaderPrivacy:            {name: "Privacy"},
	HeaderProxyAuthenticate:  {name: "Proxy-Authenticate"},
	HeaderProxyAuthorization: {name: "Proxy-Authorization"},
	HeaderProxyRequire:       {name: "Proxy-Require", list: true},
	HeaderRAck:               {name: "RAck", duplicate: "duplicate_rack"},
	HeaderReason:             {name: "Reason", list: true},
	HeaderRecordRoute:        {name: "Record-Route", list: true},
	HeaderReferSub:           {name: "Refer-Sub"},
	HeaderReferTo:            {name: "Refer-To", compact: 'r', duplicate: "duplicate_refer_to"},
	HeaderReferredBy:         {name: "Referred-By", compact: 'b', duplicate: "duplicate_referred_by"},
	HeaderRejectContact:      {name: "Reject-Contact", compact: 'j', list: true},
	HeaderRemotePartyID:      {name: "Remote-Party-ID"},
	HeaderReplaces:           {name: "Replaces", duplicate: "duplicate_replaces"},
	HeaderReplyTo:            {name: "Reply-To"},
	HeaderRequestDisposition: {name: "Request-Disposition", compact: 'd', list: true},
	HeaderRequire:            {name: "Require", list: true},
	HeaderRetryAfter:         {name: "Retry-After"},
	HeaderRoute:              {name: "Route", list: true},
	HeaderRSeq:               {name: "RSeq", duplicate: "duplicate_rseq"},
	HeaderSecurityClient:     {name: "Security-Client", list: true},
	HeaderSecurityServer:     {name: "Security-Server", list: true},
	HeaderSecurityVerify:     {name: "Security-Verify", list: true},
	HeaderServer:             {name: "Server"},
	HeaderServiceRoute:       {name: "Service-Route", list: true},
	HeaderSessionExpires:     {name: "Session-Expires", compact: 'x', duplicate: "duplicate_session_expires"},
	HeaderSessionID:          {name: "Session-ID", duplicate: "duplicate_session_id"},
	HeaderSIPETag:            {name: "SIP-ETag"},
	HeaderSIPIfMatch:         {name: "SIP-If-Match"},
	HeaderSubject:            {name: "Subject", compact: 's'},
	HeaderSubscriptionState:  {name: "Subscription-State", duplicate: "duplicate_subscription_state"},
	HeaderSupported:          {name: "Supported", compact: 'k', list: true},
	HeaderTargetDialog:       {name: "Target-Dialog"},
	HeaderTimestamp:          {name: "Timestamp"},
	HeaderTo:                 {name: "To", compact: 't', duplicate: "duplicate_to"},
	HeaderUnsupported:        {name: "Unsupported", list: true},
	HeaderUserAgent:          {name: "User-Agent", duplicate: "duplicate_user_agent"},
	HeaderVia:                {name: "Via", compact: 'v', list: true},
	HeaderWarning:            {name: "Warning", list: true},
	HeaderWWWAuthenticate:    {name: "WWW-Authenticate"},
	HeaderXRTPStat:           {name: "X-RTP-Stat"},
}

// String returns the usual spelling, such as "Call-ID"; "" for Other.
func (id HeaderID) String() string {
	if id < headerCount {
		return headerTable[id].name
	}
	return ""
}

// nameSlots is the size of the hash table of header names, a power of two
// several times the number of names.
const nameSlots = 512

// nameIndex finds the HeaderID of a name: open addressing, Other ends a chain.
// compactIndex does so for the one-letter names.
var (
	nameIndex    = buildNameIndex()
	compactIndex = buildCompactIndex()
)

func buildNameIndex() (index [nameSlots]HeaderID) {
	for id := HeaderID(1); id < headerCount; id++ {
		slot := nameHash(headerTable[id].name)
		for index[slot] != Other {
			slot = (slot + 1) % nameSlots
		}
		index[slot] = id
	}
	return index
}

func buildCompactIndex() (index [256]HeaderID) {
	for id := HeaderID(1); id < headerCount; id++ {
		if c := headerTable[id].compact; c != 0 {
			index[c] = id
			index[c-'a'+'A'] = id
		}
	}
	return index
}

// nameHash mixes the length and three letters without regard to case. The
// name has at least two octets.
func nameHash(name string) uint32 {
	first, middle, last := name[0]|0x20, name[len(name)/2]|0x20, name[len(name)-1]|0x20
	h := uint32(len(name)) + uint32(first)*31 + uint32(middle)*7 + uint32(last)*127
	return (h ^ h>>7) % nameSlots
}

// LookupHeader returns the HeaderID of a name in any spelling or in its
// compact form, or Other.
func LookupHeader(name string) HeaderID {
	switch len(name) {
	case 0:
		return Other
	case 1:
		return compactIndex[name[0]]
	}
	for slot := nameHash(name); ; slot = (slot + 1) % nameSlots {
		id := nameIndex[slot]
		if id == Other || equalFold(headerTable[id].name, name) {
			return id
		}
	}
}
