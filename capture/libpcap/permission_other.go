//go:build !linux

package libpcap

func nosuidMount(string) string { return "" }

func processLimits() (bounded, noNewPrivs bool) { return false, false }
