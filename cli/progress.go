package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

const (
	// barWidth is how many characters a full bar has, and minBar the fewest that a
	// narrow terminal gets.
	barWidth = 24
	minBar   = 6
	// usualWidth is for terminals that do not say how wide they are.
	usualWidth = 80
)

// progress draws on a terminal how far long work is. Elsewhere it is silent.
type progress struct {
	w     io.Writer // nil: no terminal
	width func() int
	part  string
	began time.Time // of the part
	drawn time.Time
}

// newProgress returns a progress that draws on w if that is a terminal that can
// take a line away again.
func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return &progress{}
	}
	return &progress{w: f, width: func() int {
		width, _, err := term.GetSize(int(f.Fd()))
		if err != nil || width <= 0 {
			return usualWidth
		}
		return width
	}}
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
	fmt.Fprint(p.w, "\r\x1b[K"+line(part, done, total, what, now.Sub(p.began), p.width()))
}

// clear takes the line away.
func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// line is what is drawn for a part that has taken a time so far. It is shorter
// than width, because a line that is wrapped cannot be taken away again.
func line(part string, done, total int, what string, took time.Duration, width int) string {
	switch {
	case total <= 0 && done <= 0:
		return cut(part+": looking", width-1)
	case total <= 0:
		return cut(fmt.Sprintf("%s: %d %s", part, done, what), width-1)
	}
	done = min(done, total)
	text := fmt.Sprintf(" %3d %%  %d of %d", 100*done/total, done, total)
	// The first moments say little about the rest.
	if left := took * time.Duration(total-done) / time.Duration(max(done, 1)); took > 2*time.Second && done > 0 && done < total {
		text += ", " + left.Round(time.Second).String() + " left"
	}
	const shortest = 10
	room := width - 1 - len(text)
	bar := min(room-1-min(utf8.RuneCountInString(part), max(shortest, room-1-barWidth)), barWidth)
	if bar < minBar {
		return cut(part+text, width-1)
	}
	full := bar * done / total
	return cut(part, room-1-bar) + " " + strings.Repeat("█", full) + strings.Repeat("░", bar-full) + text
}

// cut shortens a text to n characters, its beginning first: the end of a path
// says most, and what is behind a name is how far it is.
func cut(text string, n int) string {
	r := []rune(text)
	if len(r) <= n {
		return text
	}
	return "…" + string(r[len(r)-max(n-1, 0):])
}
