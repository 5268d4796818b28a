package mirror

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"loadline/store"
)

// scoreFiles are the names that mirrors give to the scores of EPSS; the last is
// FIRST's own.
var scoreFiles = []string{"epss.csv.gz", "epss.csv", "epss_scores.csv.gz", "epss_scores.csv", "epss_scores-current.csv.gz"}

// scoresHold is how long after the start of their day scores are the newest.
const scoresHold = 36 * time.Hour

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// maxLine bounds a line of the scores.
const maxLine = 4 << 10

// scores reads the table of scores.
type scores struct {
	wanted  map[string]bool // nil: all
	lines   *bufio.Scanner
	date    string // the day of the edition; empty where the table does not say
	skipped int
	passed  int // that are not wanted
}

// newScores reads up to the first score. The table may be compressed.
func newScores(r io.Reader) (*scores, error) {
	buffered := bufio.NewReader(r)
	r = buffered
	if head, _ := buffered.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, err
		}
		r = z
	}
	s := &scores{lines: bufio.NewScanner(r)}
	s.lines.Buffer(make([]byte, 0, maxLine), maxLine)
	for s.lines.Scan() {
		line := strings.TrimPrefix(strings.TrimSpace(s.lines.Text()), "\ufeff")
		switch {
		case strings.HasPrefix(line, "#"):
			s.date = scoreDate(line)
		case strings.HasPrefix(line, "cve,epss,percentile"):
			return s, nil
		case line != "":
			return nil, errors.New("does not start with the line cve,epss,percentile")
		}
	}
	if err := s.lines.Err(); err != nil {
		return nil, err
	}
	return nil, errors.New("is empty")
}

// scoreDate is the day in #model_version:v2025.03.14,score_date:2025-09-24T12:55:00Z.
func scoreDate(comment string) string {
	_, date, _ := strings.Cut(comment, "score_date:")
	date, _, _ = strings.Cut(date, ",")
	if len(date) > len(time.DateOnly) {
		date = date[:len(time.DateOnly)]
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return ""
	}
	return date
}

var cvePattern = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)

// next returns up to n scores, fewer only at the end. Lines that cannot be used
// are counted in skipped.
func (s *scores) next(n int) ([]store.Score, error) {
	list := make([]store.Score, 0, n)
	for len(list) < n && s.lines.Scan() {
		line := strings.TrimSpace(s.lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if s.wanted != nil {
			if cve, _, _ := strings.Cut(line, ","); !s.wanted[cve] {
				s.passed++
				continue
			}
		}
		score, err := scoreOf(line)
		if err != nil {
			s.skipped++
			continue
		}
		list = append(list, score)
	}
	return list, s.lines.Err()
}

func scoreOf(line string) (store.Score, error) {
	fields := strings.Split(line, ",")
	if len(fields) < 3 || !cvePattern.MatchString(fields[0]) {
		return store.Score{}, errors.New("is not an id and two shares")
	}
	probability, err := share(fields[1])
	if err != nil {
		return store.Score{}, err
	}
	percentile, err := share(fields[2])
	if err != nil {
		return store.Score{}, err
	}
	return store.Score{CVE: fields[0], Probability: probability, Percentile: percentile}, nil
}

func share(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return 0, fmt.Errorf("%.20q is not between 0 and 1", text)
	}
	return f, nil
}

// scores syncs the scores of EPSS. The error is of the store or of ctx.
func (r *syncing) scores(ctx context.Context) (FileResult, error) {
	res := FileResult{Name: store.FileEPSS}
	held, err := r.heldFile(ctx, store.FileEPSS)
	if err != nil {
		return res, err
	}
	f, err := r.mirror.openFirst(ctx, scoreFiles, held.validators(r.mirror))
	if err != nil {
		return r.unread(ctx, res, held, err)
	}
	defer f.Close()
	table, err := newScores(f)
	if err != nil {
		res.Err = err
		return res, nil
	}
	table.wanted = r.cves
	if table.date == "" {
		table.date = f.asOf.UTC().Format(time.DateOnly)
	}
	if held.Generation > 0 && table.date < held.Edition {
		// Another mirror, which is behind: what is held is newer.
		res.Unchanged, res.Records = true, held.Records
		return res, nil
	}
	// Another edition that was being written when its sync was killed may have
	// had other ids.
	if err := r.store.CleanScores(ctx, r.epoch, held.Generation); err != nil {
		return res, err
	}
	for {
		list, err := table.next(10 * recordsPerTx)
		if err != nil {
			res.Err = err
			return res, nil
		}
		if len(list) == 0 {
			break
		}
		res.Records += len(list)
		if err := r.store.StageScores(ctx, r.epoch, held.Generation+1, list); err != nil {
			return res, err
		}
		r.progress(Progress{Part: store.FileEPSS, Done: res.Records})
	}
	res.Records, res.Skipped = res.Records+table.passed, table.skipped
	if res.Records == 0 {
		res.Err = errors.New("it has no score that can be used")
		return res, nil
	}
	next := held.with(r.mirror, f, res)
	next.Generation, next.Edition = held.Generation+1, table.date
	// FIRST computes them every day: those of an earlier day are of that day,
	// whenever they were copied.
	if day, err := time.Parse(time.DateOnly, table.date); err == nil {
		next.AsOf = earlier(next.AsOf, day.Add(scoresHold))
	}
	if err := r.store.SaveMirrorFile(ctx, r.epoch, next); err != nil {
		return res, err
	}
	return res, r.store.CleanScores(ctx, r.epoch, next.Generation)
}
