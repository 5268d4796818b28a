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
		if got := line(test.part, test.done, test.total, "records", test.took, 80); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// A line that is wrapped could not be taken away again.
func TestProgressLineFits(t *testing.T) {
	t.Parallel()
	const path = "a/very/long/path/of/a/document.cdx.json"
	for name, test := range map[string]struct {
		part        string
		done, total int
		width       int
		want        string
	}{
		"wide":             {path, 500_000, 1_000_000, 120, path + " ████████████░░░░░░░░░░░░  50 %  500000 of 1000000, 1h0m0s left"},
		"of usual width":   {path, 500_000, 1_000_000, 80, "…cument.cdx.json ████████████░░░░░░░░░░░░  50 %  500000 of 1000000, 1h0m0s left"},
		"narrow":           {"component", 5, 10, 40, "component  50 %  5 of 10, 1h0m0s left"},
		"too narrow":       {path, 500_000, 1_000_000, 40, "…  50 %  500000 of 1000000, 1h0m0s left"},
		"with a short bar": {"component", 5, 10, 46, "component ███░░░░  50 %  5 of 10, 1h0m0s left"},
		"far too narrow":   {path, 5, 10, 8, "…s left"},
		"without a total":  {path, 0, 0, 20, "….cdx.json: looking"},
	} {
		got := line(test.part, test.done, test.total, "records", time.Hour, test.width)
		if got != test.want || utf8.RuneCountInString(got) >= test.width {
			t.Errorf("%s: %d characters %q, want %q", name, utf8.RuneCountInString(got), got, test.want)
		}
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
