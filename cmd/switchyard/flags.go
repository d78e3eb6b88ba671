package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// flags makes the flags of a command: its words after the program's name, its arguments and flags as the help
// writes them, and what it does in one sentence.
func flags(name, form, does string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.Usage = func() {
		w := tabwriter.NewWriter(fs.Output(), 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "Use: switchyard %s\n\n%s\n", strings.TrimSpace(name+" "+form), does)
		first := true
		fs.VisitAll(func(f *flag.Flag) {
			if first {
				fmt.Fprintln(w)
				first = false
			}
			value, text := flag.UnquoteUsage(f)
			if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "0s" {
				text += " (" + f.DefValue + " when not said)"
			}
			fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace("--"+f.Name+" "+strings.ToUpper(value)), text)
		})
		w.Flush() // as in table
	}
	return fs
}

// A helpAsked is -h among the flags of a command.
type helpAsked struct{ fs *flag.FlagSet }

func (h *helpAsked) Error() string { return "help for " + h.fs.Name() }

// parse reads flags that may stand before or after the arguments, of which there must be want. What is wrong is an
// errUse.
func parse(fs *flag.FlagSet, args []string, want int) (rest []string, err error) {
	return parseBetween(fs, args, want, want)
}

// parseBetween is parse for a command that takes from least to most arguments.
func parseBetween(fs *flag.FlagSet, args []string, least, most int) (rest []string, err error) {
	fs.SetOutput(io.Discard)
	for {
		err := fs.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			return nil, &helpAsked{fs}
		}
		if err != nil {
			return nil, use("%s: %v", fs.Name(), err)
		}
		left := fs.Args()
		if len(left) == 0 {
			break
		}
		if endOfFlags(args, left) {
			rest = append(rest, left...)
			break
		}
		rest, args = append(rest, left[0]), left[1:]
	}
	if len(rest) < least || len(rest) > most {
		return nil, use("%s takes %s, not %d; -h tells more", fs.Name(), count(least, most), len(rest))
	}
	return rest, nil
}

// endOfFlags tells whether -- stood before what is left: then all of it is arguments.
func endOfFlags(args, left []string) bool {
	before := len(args) - len(left) - 1
	return before >= 0 && args[before] == "--"
}

func count(least, most int) string {
	switch {
	case most == 0:
		return "flags only"
	case least != most:
		return fmt.Sprintf("%d to %d arguments", least, most)
	case most == 1:
		return "one argument"
	}
	return fmt.Sprintf("%d arguments", most)
}
