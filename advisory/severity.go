package advisory

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	gocvss20 "github.com/pandatix/go-cvss/20"
	gocvss30 "github.com/pandatix/go-cvss/30"
	gocvss31 "github.com/pandatix/go-cvss/31"
	gocvss40 "github.com/pandatix/go-cvss/40"
)

// maxVector is the longest text read as a vector: with every metric set a CVSS
// 4.0 vector is about 200 bytes.
const maxVector = 512

// Rating is how severe a vulnerability is, and which record says so.
type Rating struct {
	Rating   string  // NONE, LOW, MEDIUM, HIGH or CRITICAL
	Score    float64 // 0 to 10; only with HasScore
	HasScore bool
	Vector   string // empty where the record has a number or a word only
	Advisory string // id of the record
}

// Rate returns the rating of records about one vulnerability, and false where
// none of them rates it. A vector of the newest CVSS version counts (4.0, 3.1,
// 3.0, 2.0); then a bare number; then a word. Among several of that kind the
// highest counts, then the one of the record that SortIDs puts first. The score
// is the base score, of CVSS 4.0 the score of all metrics given. What cannot be
// read is passed over.
func Rate(records []Advisory) (Rating, bool) {
	var best candidate
	found := false
	consider := func(c candidate, ok bool) {
		if ok && (!found || c.compare(best) > 0) {
			best, found = c, true
		}
	}
	for _, a := range records {
		for _, s := range a.Severity {
			consider(rateSeverity(a.ID, s))
		}
		consider(rateWord(a.ID, a.Word))
		for _, affected := range a.Affected {
			for _, s := range affected.Severity {
				consider(rateSeverity(a.ID, s))
			}
			consider(rateWord(a.ID, affected.Word))
		}
	}
	return best.Rating, found
}

// candidate is a rating and how it is known: the higher the kind, the better.
type candidate struct {
	Rating
	kind kind
}

type kind int

const (
	word kind = iota
	number
	cvss20
	cvss30
	cvss31
	cvss40
)

func (c candidate) compare(d candidate) int {
	return cmp.Or(
		cmp.Compare(c.kind, d.kind),
		cmp.Compare(c.Score, d.Score),
		cmp.Compare(level(c.Rating.Rating), level(d.Rating.Rating)),
		compareIDs(d.Advisory, c.Advisory),
	)
}

func level(rating string) int {
	for i, name := range []string{"NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL"} {
		if name == rating {
			return i
		}
	}
	return -1
}

func rateSeverity(id string, s Severity) (candidate, bool) {
	text := strings.TrimSpace(s.Score)
	if len(text) > maxVector {
		return candidate{}, false
	}
	if kind, score, ok := vectorScore(text); ok {
		return candidate{Rating{ratingOf(kind, score), score, true, text, id}, kind}, true
	}
	if score, err := strconv.ParseFloat(text, 64); err == nil && score >= 0 && score <= 10 && strings.HasPrefix(s.Type, "CVSS") {
		scale := cvss31
		if s.Type == "CVSS_V2" {
			scale = cvss20
		}
		return candidate{Rating{ratingOf(scale, score), score, true, "", id}, number}, true
	}
	return rateWord(id, text)
}

// vectorScore reads a vector by the version it names, and as CVSS 2.0 where it
// names none.
func vectorScore(vector string) (kind, float64, bool) {
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		if v, err := gocvss40.ParseVector(vector); err == nil {
			return cvss40, v.Score(), true
		}
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		if v, err := gocvss31.ParseVector(vector); err == nil {
			return cvss31, v.BaseScore(), true
		}
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		if v, err := gocvss30.ParseVector(vector); err == nil {
			return cvss30, v.BaseScore(), true
		}
	default:
		vector = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(vector, "CVSS:2.0/"), "("), ")")
		if v, err := gocvss20.ParseVector(vector); err == nil {
			return cvss20, v.BaseScore(), true
		}
	}
	return 0, 0, false
}

// ratingOf returns the word for a score: the qualitative scale of CVSS 3 and 4,
// and NVD's for CVSS 2, which knows no critical.
func ratingOf(kind kind, score float64) string {
	switch tenths := math.Round(score * 10); {
	case tenths == 0:
		return "NONE"
	case tenths < 40:
		return "LOW"
	case tenths < 70:
		return "MEDIUM"
	case tenths < 90 || kind == cvss20:
		return "HIGH"
	default:
		return "CRITICAL"
	}
}

// rateWord reads the words of GitHub, Ubuntu, Red Hat, SUSE and Debian, whose
// urgency may carry asterisks.
func rateWord(id, text string) (candidate, bool) {
	var rating string
	switch strings.ToUpper(strings.TrimRight(text, "*")) {
	case "NONE", "UNIMPORTANT":
		rating = "NONE"
	case "LOW", "NEGLIGIBLE", "MINOR":
		rating = "LOW"
	case "MEDIUM", "MODERATE":
		rating = "MEDIUM"
	case "HIGH", "IMPORTANT":
		rating = "HIGH"
	case "CRITICAL":
		rating = "CRITICAL"
	default:
		return candidate{}, false
	}
	return candidate{Rating{Rating: rating, Advisory: id}, word}, true
}
