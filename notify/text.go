package notify

import (
	"fmt"
	"strings"
)

// style is how a message is written for people to read.
type style struct {
	escape func(string) string
	strong func(string) string // of text that is escaped
	bullet string
}

var plain = style{
	escape: func(s string) string { return s },
	strong: func(s string) string { return s },
	bullet: "- ",
}

// slack is what Slack, and those who read the same webhooks, call mrkdwn.
var slack = style{
	escape: strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace,
	strong: func(s string) string { return "*" + s + "*" },
	bullet: "• ",
}

// maxSummary is how much of a summary or an error a line has, in characters.
const maxSummary = 120

// text is the message for people to read, without its subject.
func (s style) text(m Message) string {
	if m.Type == TypeTest {
		return "This is a test of the channel " + s.escape(line(m.Data.Channel)) + ". There is nothing to do."
	}
	var b strings.Builder
	for i, n := range m.Data.Projects {
		if i > 0 {
			b.WriteString("\n")
		}
		if m.Data.ProjectsTotal > 1 {
			name := n.Project
			if name == "" {
				name = "No project"
			}
			fmt.Fprintf(&b, "%s\n", s.strong(s.escape(line(name))))
		}
		s.news(&b, n)
	}
	if more := m.Data.ProjectsTotal - len(m.Data.Projects); more > 0 {
		fmt.Fprintf(&b, "\nand %s more\n", count(more, "project"))
	}
	return b.String()
}

func (s style) news(b *strings.Builder, n News) {
	for _, f := range n.Findings {
		b.WriteString(s.bullet + s.finding(f) + "\n")
	}
	if more := n.FindingsTotal - len(n.Findings); more > 0 {
		fmt.Fprintf(b, "and %s more\n", count(more, "finding"))
	}
	if n.NotKnown > 0 && n.FindingsTotal > 0 {
		fmt.Fprintf(b, "What affects %s is not known.\n", count(n.NotKnown, "component"))
	}
	for _, j := range n.Jobs {
		fmt.Fprintf(b, "%s%s failed: %s\n", s.bullet, s.strong(s.escape(j.Kind)), s.escape(line(j.Error)))
	}
	if more := n.JobsTotal - len(n.Jobs); more > 0 {
		fmt.Fprintf(b, "and %s more\n", count(more, "failed job"))
	}
}

func (s style) finding(f Finding) string {
	about := []string{"severity not known"}
	if f.Severity != "" {
		about[0] = f.Severity
		if f.Score != nil {
			about[0] += fmt.Sprintf(" %.1f", *f.Score)
		}
	}
	if f.KEV {
		about = append(about, "known to be exploited")
	}
	if f.Ransomware {
		about = append(about, "used by ransomware")
	}
	if f.EPSS != nil {
		about = append(about, fmt.Sprintf("EPSS %.1f %%", 100**f.EPSS))
	}
	text := s.strong(s.escape(f.ID)) + " (" + strings.Join(about, ", ") + ")"
	for i, p := range f.Packages {
		text += map[bool]string{true: " in ", false: ", "}[i == 0] + s.escape(p.PURL)
		if p.FixedIn != "" {
			text += s.escape(", fixed in " + p.FixedIn)
		}
	}
	if more := f.PackagesTotal - len(f.Packages); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(f.Releases) > 0 {
		text += "; releases " + s.escape(line(strings.Join(f.Releases, ", ")))
		if more := f.ReleasesTotal - len(f.Releases); more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
	}
	if f.Summary != "" {
		text += ": " + s.escape(line(f.Summary))
	}
	return text
}

// line is the text as a part of a line: without breaks, and not too long.
func line(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > maxSummary {
		text = strings.TrimSpace(string(r[:maxSummary])) + "…"
	}
	return text
}

// cutLines is as many of the text's first lines as there is room for.
func cutLines(text string, room int) string {
	if len(text) <= room {
		return text
	}
	end := strings.LastIndexByte(text[:room], '\n') + 1
	return text[:end] + "and more than there is room for here\n"
}
