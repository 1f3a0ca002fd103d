package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// toFile gives a command -o FILE, of which - is standard output. The name of the file
// says the format where -F does not.
func (o *options) toFile(c *cobra.Command) *cobra.Command {
	c.Flags().StringVarP(&o.output, "output", "o", "", "write to a file")
	run := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if o.output == "-" {
			o.output = ""
		}
		if format := formatOf(o.output); format != "" && !cmd.Flags().Changed("format") {
			o.format = format
		}
		if err := o.checkOutput(args); err != nil {
			return err
		}
		return run(cmd, args)
	}
	return c
}

// formatOf is the format that the end of a name stands for, "" for none.
func formatOf(name string) string {
	return map[string]string{
		".txt": "text", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".html": "html", ".htm": "html",
		".svg": "svg", ".mmd": "mermaid",
	}[strings.ToLower(filepath.Ext(name))]
}

// checkOutput says what is wrong with the file of -o before anything is read: that
// may take long.
func (o *options) checkOutput(args []string) error {
	if o.output == "" {
		return nil
	}
	if folder := filepath.Dir(o.output); !isFolder(folder) {
		return &fileError{text: fmt.Sprintf("%s: there is no directory %s", o.output, folder), hint: "make it first, or name another file"}
	}
	there, err := os.Stat(o.output)
	if err != nil {
		return writable(o.output)
	}
	if there.IsDir() {
		return &fileError{text: o.output + ": is a directory", hint: fmt.Sprintf("name a file, as in -o %s", filepath.Join(o.output, "report.html"))}
	}
	in, err := o.input(args)
	if err != nil {
		return err
	}
	for _, other := range append(o.filesRead(in), o.record) {
		if info, err := os.Stat(other); err == nil && os.SameFile(there, info) {
			return &fileError{text: o.output + ": is read or recorded, and would be overwritten", hint: "choose another name"}
		}
	}
	return writable(o.output)
}

// print writes what a command found out to standard output, or to the file of -o:
// there whole or not at all.
func (o *options) print(write func(w io.Writer) error) error {
	if o.output == "" {
		return buffered(o.out, write)
	}
	_, err := replacing(o.output, func(temporary string) error {
		f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_TRUNC, 0)
		if err != nil {
			return err
		}
		return errors.Join(buffered(f, write), f.Close())
	})
	return err
}

func buffered(to io.Writer, write func(w io.Writer) error) error {
	w := bufio.NewWriter(to)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}
