// Package capture is where frames come from and where they go to: capture
// files in every usual format, standard input, several of them merged in time
// order, and a writer of capture files. It owns the buffers; a frame handed
// out is borrowed until the next one is asked for.
//
// It is pure Go. What needs libpcap (live interfaces, compiling capture
// filters) lives in capture/libpcap, the only room that imports gopacket.
package capture
