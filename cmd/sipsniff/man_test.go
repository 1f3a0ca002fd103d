package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestManual(t *testing.T) {
	help := `sipsniff shows calls.

  sipsniff FILE...   the screen
  sipsniff codecs | version

Reading:
  -r, -I FILE         read \FILE
      --column NAME=header:X
                      .a column
Example: sipsniff report -F json | jq '.calls'
`
	want := `.TH SIPSNIFF 1 "" "sipsniff 1\-2" "User Commands"
.SH NAME
sipsniff \- shows calls
.SH SYNOPSIS
.TP
\fBsipsniff FILE...\fR
the screen
.TP
\fBsipsniff codecs | version\fR
.SH READING
.TP
\fB\-r, \-I FILE\fR
read \eFILE
.TP
\fB\-\-column NAME=header:X\fR
\&.a column
.SH EXAMPLE
.EX
sipsniff report \-F json | jq '.calls'
.EE
`
	if diff := cmp.Diff(want, strings.TrimSuffix(manual(help, "1-2"), manualStatus)); diff != "" {
		t.Error(diff)
	}
}
