// Package page makes pictures and pages of calls that can be handed to others:
// ladders as SVG and as Mermaid, and HTML that needs no network, no script and
// no other file. What comes in is a snapshot and what the diagnosis says of
// it; all text from the wire is cleaned and escaped on its way out.
package page
