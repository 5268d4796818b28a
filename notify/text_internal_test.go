package notify

import (
	"strings"
	"testing"
)

func TestLongTextsAreCutAtALine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"short":        {"one\ntwo\n", "one\ntwo\n"},
		"long":         {"one\ntwo\nthree\nfour\n", "one\ntwo\nand more than there is room for here\n"},
		"one long one": {strings.Repeat("x", 99), "and more than there is room for here\n"},
	} {
		if got := cutLines(test.text, 10); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
