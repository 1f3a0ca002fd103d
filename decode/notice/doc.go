// Package notice reads the bodies that event packages carry: presence
// (RFC 3863, RFC 4480), dialogs (RFC 4235), message waiting (RFC 3842),
// registrations (RFC 3680), conferences (RFC 4575), and what comes with
// MESSAGE: CPIM (RFC 3862) and delivery reports (RFC 5438). Text comes in,
// values and words go out. It never expands entities, fetches nothing, and
// bounds size, depth and number of elements. Standard library only.
package notice
