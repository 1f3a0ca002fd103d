package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker for releases.
var version = "" //nolint:gochecknoglobals // -ldflags -X needs a variable

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development"
}

const usage = `sipsniff shows every SIP call, its ladder diagram and its media.

  sipsniff [FILE...] [flags] [BPF...]            the terminal UI on files, or live when no file is given
  sipsniff -i eth0[,eth1|any] [flags] [BPF...]   live; -w FILE records while watching
  tcpdump -U -w - | sipsniff -                   a stream on standard input
  sipsniff report FILE...                        everything that was found; no terminal needed
  sipsniff ladder FILE... [--call CALL-ID]       ladder diagrams, in time order
  sipsniff extract FILE... -w OUT [-f EXPR]      the packets of the calls that match, signalling and media
  sipsniff extract FILE... --wav OUT [--raw OUT]  what was said: stereo, the caller left; --raw: payloads that are not decoded
  sipsniff keys [-o md]                          the keys of all screens
  sipsniff watch -i IF | FILE... | -             a JSON line for every call when it has ended, for weeks; no terminal needed
  sipsniff interfaces | codecs | findings [CODE] | version
  sipsniff man | completion bash|zsh|fish        the manual page; what the shell completes by

Reading:
  -r, -I FILE         read FILE: pcap or pcapng, plain, gzip, zstd or lz4; several are merged in time order
  -i, -d IF[,IF]      capture on interfaces; "any" is all of them
  BPF                 a capture filter in tcpdump's words, last on the line
      --exact-filter  do not let fragments and VLAN-tagged packets pass a filter besides
  -s OCTETS           keep so much of each packet (262144)
  -B KIB              kernel buffer (32768)
  -p                  no promiscuous mode
      --spool SIZE    live: keep the latest packets in SIZE of disk, to extract calls of them afterwards
      --spool-dir DIR  keep them in DIR; otherwise in a new folder for temporary files
  -w FILE             record what is captured (pcapng when FILE ends so, else pcap)
  -C MB, -G SECONDS   go on in another file, FILE-000001 and so on, when one has so much, or so long; -W N: keep the latest N of them
      --esp-null      look into IPsec ESP for packets that are not encrypted (NULL cipher, as in IMS)
      --for DURATION  stop capturing after a while, such as 30s
      --user NAME     become NAME, or NAME:GROUP, once everything is open

HEP (Homer):
      --hep-listen A  receive HEP 1, 2 and 3 at A, beside -i or alone: udp:HOST:PORT or tcp:HOST:PORT; repeatable
      --hep-send A    send SIP, RTCP and quality reports in HEP 3 to A; repeatable
      --hep-key KEY   refuse what comes without KEY, and send it
      --hep-id N      our number as an agent (2001)

Keys:
  -k, --keylog FILE   open TLS with a key log (SSLKEYLOGFILE), followed while it grows; a pipe too; repeatable
      --tls-key PEM   open TLS with the RSA private key of the server, where the key exchange is RSA; repeatable
      --write-keys    put the secrets of -k into the recording too (-w FILE.pcapng): whoever has it can read everything

Calls:
      --leg-header H  a header that links the legs of a call through B2BUAs: NAME, or NAME=REGEXP with a group; repeatable

Output:
  -F, --format FMT    report: text (default), json, jsonl, csv, html; ladder: text, mermaid, svg, html
  -o, --output FILE   report, ladder: into FILE, whole or not at all; .html, .json, .csv and so on say the format where -F does not
      --ascii         only ASCII characters in the ladder
      --column NAME=header:X-Account
                      a column of the calls from a header, or NAME=request-uri; repeatable
      --hide LIST     report, extract: take out numbers, addresses, auth, audio, or all; packets in which that is not sure are left out
      --comments      extract -w FILE.pcapng: what was found in the calls, as comments of the packets that show it
      --show-bodies   report: what people wrote by MESSAGE, which is left out otherwise
      --show-dtmf     which keys were pressed; stars stand for them otherwise
      --call ID       report, ladder, extract: only this Call-ID, or this number of the list; ladder: with all its legs
      --fail-on EXPR  report: exit status 3 when a call matches, such as 'severity:error'
      --diag KEY=VAL  a setting of a rule, such as SIG-05.warn=6 or SIG-37.off=true; repeatable
      --levels        report: how loud each stream is, its silence and clipping (G.711, G.722, GSM, L16)
      --no-conceal    extract --wav: leave losses silent instead of filling up to 60 ms of them
  -f, --filter EXPR   only calls that match, such as 'code:5xx or loss>2', '!method:OPTIONS from:+34600' (docs/FILTER.md)
      --events LIST   watch: call.end (default), call.start, call.answer, reg, stats, drops, or all
      --prefix-digits N  report -F json: metrics by the first N digits of the called number, too
  -q                  no progress
  -v                  more words: in the report the story of every call

Quality:
      --jitter-buffer B   de-jitter buffer that MOS is made by: a1 (adaptive, default), f60, f200 or another fixed one in ms
      --codec NAME=Ie,Bpl  impairments of a codec, with ,NB ,WB or ,FB for its scale; repeatable; sipsniff codecs lists all
      --inband-dtmf       listen for keys and fax tones in the sound of G.711, too
      --delay MS          one-way delay of the network where RTCP does not tell; then MOS with delay is reported, too
      --delay-model M     g107 (default), echo-free or classic

Screens:
      --config FILE   keys and settings (config.toml in the folder sipsniff of the user's configuration)

Limits:
      --max-calls N   calls kept (100000); the oldest finished leave first
      --max-memory M  memory for calls and streams, such as 512M or 2G (a quarter of the machine, live at most 1G)

Example: sipsniff report -F json trace.pcapng | jq '.calls[] | select(.state != "completed")'
`

// newRoot builds the command tree over t. The terminal going away calls
// hangUp, but for a command that goes on without one.
func newRoot(t terminal, hangUp func()) *cobra.Command {
	return (&options{terminal: t}).root(hangUp)
}

func (o *options) root(hangUp func()) *cobra.Command {
	t := o.terminal
	root := &cobra.Command{
		Use:           "sipsniff [FILE...] [BPF...]",
		Short:         "every SIP call, its ladder diagram and its media",
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Name() != "watch" {
				go func() { <-t.hangups; hangUp() }()
			}
			if o.hide != 0 && cmd.Name() != "report" && cmd.Name() != "extract" {
				return &usageError{text: "--hide is for report and extract", hint: "on the screens the save dialog (F2) hides things"}
			}
			return o.checkValues(cmd.Flags())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.watchScreen(cmd, args)
		},
	}
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { fmt.Fprint(cmd.OutOrStdout(), usage) })
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	o.declare(root.PersistentFlags())
	root.AddCommand(
		o.toFile(&cobra.Command{Use: "report FILE... [BPF...]", Short: "print everything that was found", Args: o.needsInput, RunE: func(cmd *cobra.Command, args []string) error {
			return o.report(cmd.Context(), args)
		}}),
		o.toFile(&cobra.Command{Use: "ladder FILE... [BPF...]", Short: "print ladder diagrams", Args: o.needsInput, RunE: func(cmd *cobra.Command, args []string) error {
			return o.ladder(cmd.Context(), args)
		}}),
		&cobra.Command{Use: "extract FILE... [-w OUT] [--wav OUT] [BPF...]", Short: "write the packets or the sound of calls to files", Args: cobra.ArbitraryArgs, RunE: func(cmd *cobra.Command, args []string) error {
			return o.extract(cmd.Context(), args)
		}},
		o.keyCommand(),
		o.manCommand(),
		&cobra.Command{Use: "watch -i IF | FILE... | - [BPF...]", Short: "print a JSON line for every call that ended", Args: o.needsInput, RunE: func(cmd *cobra.Command, args []string) error {
			return o.watch(cmd.Context(), args)
		}},
		o.findingsCommand(),
		&cobra.Command{Use: "codecs", Short: "list what scores rest on", Args: noArguments, RunE: func(*cobra.Command, []string) error {
			return o.codecTable()
		}},
		&cobra.Command{Use: "interfaces", Short: "list what can be captured on", Args: noArguments, RunE: func(*cobra.Command, []string) error {
			return o.interfaces()
		}},
		&cobra.Command{Use: "version", Short: "print the version", Args: noArguments, RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(t.out, "sipsniff %s\n", programVersion())
			return err
		}},
	)
	return root
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{text: fmt.Sprintf("unexpected argument %q", args[0])}
	}
	return nil
}

// needsInput refuses a command that prints at the end of its input when it
// was given none: a live capture on everything would never end.
func (o *options) needsInput(cmd *cobra.Command, args []string) error {
	in, err := o.input(args)
	switch {
	case err != nil || !in.vague:
		return err
	case len(args) > 0:
		return missing(args[0])
	}
	return &usageError{text: cmd.Name() + ": no file", hint: "name a file, - for standard input, or an interface with -i"}
}
