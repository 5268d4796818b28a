package lockfile

import (
	"bytes"
	"iter"
	"strings"
)

// lines yields the lines of data with their numbers, from 1, without line ends
// and trailing blanks.
func lines(data []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range bytes.Lines(data) {
			n++
			if !yield(n, strings.TrimRight(string(line), " \t\r\n")) {
				return
			}
		}
	}
}

// indent returns how many blanks a line begins with.
func indent(line string) int {
	return len(line) - len(strings.TrimLeft(line, " "))
}

// unquote takes away the quotes around s, of either kind.
func unquote(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}
