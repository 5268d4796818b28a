package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// barWidth is how many characters a full bar has.
const barWidth = 24

// progress draws on a terminal how far long work is. Elsewhere it is silent.
type progress struct {
	w     io.Writer // nil: no terminal
	part  string
	began time.Time // of the part
	drawn time.Time
}

// newProgress returns a progress that draws on w if that is a terminal.
func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok {
		return &progress{}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 || os.Getenv("TERM") == "dumb" {
		return &progress{}
	}
	return &progress{w: f}
}

// show draws how much of a part is done, of how many; a total of 0 is not known.
func (p *progress) show(part string, done, total int, what string) {
	const often = 100 * time.Millisecond
	if p == nil || p.w == nil {
		return
	}
	now := time.Now()
	if part != p.part {
		p.part, p.began, p.drawn = part, now, time.Time{}
	}
	if done != total && now.Sub(p.drawn) < often {
		return
	}
	p.drawn = now
	fmt.Fprint(p.w, "\r\x1b[K"+line(part, done, total, what, now.Sub(p.began)))
}

// clear takes the line away.
func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// line is what is drawn for a part that has taken a time so far. It fits into 80
// columns.
func line(part string, done, total int, what string, took time.Duration) string {
	const longest = 20
	if r := []rune(part); len(r) > longest {
		part = "…" + string(r[len(r)-longest+1:])
	}
	switch {
	case total <= 0 && done <= 0:
		return part + ": looking"
	case total <= 0:
		return fmt.Sprintf("%s: %d %s", part, done, what)
	}
	done = min(done, total)
	full := barWidth * done / total
	bar := strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
	text := fmt.Sprintf("%s %s %3d %%  %d of %d", part, bar, 100*done/total, done, total)
	// The first moments say little about the rest.
	if left := took * time.Duration(total-done) / time.Duration(max(done, 1)); took > 2*time.Second && done > 0 && done < total {
		text += ", " + left.Round(time.Second).String() + " left"
	}
	return text
}
