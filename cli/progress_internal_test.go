package cli

import (
	"bytes"
	"testing"
	"time"
	"unicode/utf8"
)

func TestProgressLine(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		part        string
		done, total int
		took        time.Duration
		want        string
	}{
		"nothing known":   {"npm", 0, 0, 0, "npm: looking"},
		"no total":        {"npm", 7, 0, 0, "npm: 7 records"},
		"none of it":      {"npm", 0, 8, time.Minute, "npm ░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0 of 8"},
		"a part of it":    {"npm", 2, 8, time.Second, "npm ██████░░░░░░░░░░░░░░░░░░  25 %  2 of 8"},
		"it takes longer": {"npm", 2, 8, 4 * time.Second, "npm ██████░░░░░░░░░░░░░░░░░░  25 %  2 of 8, 12s left"},
		"all of it":       {"npm", 8, 8, time.Minute, "npm ████████████████████████ 100 %  8 of 8"},
		"more than all":   {"npm", 9, 8, 0, "npm ████████████████████████ 100 %  8 of 8"},
	} {
		if got := line(test.part, test.done, test.total, "records", test.took); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	long := line("a/very/long/path/of/a/document.cdx.json", 999_999, 1_000_000, "components", time.Hour)
	if n := utf8.RuneCountInString(long); n > 80 {
		t.Errorf("%d characters: %s", n, long)
	}
}

// What is no terminal gets no line.
func TestProgressIsSilentElsewhere(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out)
	p.show("npm", 1, 2, "records")
	p.clear()
	if out.Len() > 0 {
		t.Errorf("wrote %q", out.String())
	}
}
