// Package epss asks FIRST how likely vulnerabilities are to be exploited. It
// knows the shape of that API and nothing of what the scores are used for.
package epss

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/upstream"
)

// DefaultURL is where the API is. See https://www.first.org/epss/api.
const DefaultURL = "https://api.first.org"

const (
	path = "/data/v1/epss"
	// MaxCVEs is how many ids one call asks for: the API answers 100 where no
	// limit is given, whatever was asked.
	MaxCVEs = 100
	// MaxChars is how long the list of ids in one call may get, below the API's
	// 2,000 characters.
	MaxChars = 1700
	// parallel calls of one Scores.
	parallel = 16
)

// Client asks one EPSS service. It is safe for concurrent use.
type Client struct {
	url string
	up  *upstream.Client
}

// New returns a Client for the service at baseURL, such as DefaultURL, or the
// whole address that ends in "/epss".
func New(baseURL string, up *upstream.Client) *Client {
	base := upstream.Base(baseURL)
	if !strings.HasSuffix(base, "/epss") {
		base += path
	}
	return &Client{url: base, up: up}
}

// Score is what EPSS says of one CVE id.
type Score struct {
	Probability float64   // of exploitation in the next 30 days, 0 to 1
	Percentile  float64   // share of all scored ids with this probability or less, 0 to 1
	Date        time.Time // the day it was computed for; zero where the answer does not say
}

// Result is the answer for one id. Without Err, Known says whether EPSS has a
// score for it.
type Result struct {
	Score Score
	Known bool
	Err   error
}

// Scores returns a Result for each id, in the order asked. An id may be in any
// letter case; one that is not a CVE id gets an error without being sent. A call
// that fails costs only the ids it asked for.
func (c *Client) Scores(ctx context.Context, cves []string) []Result {
	results := make([]Result, len(cves))
	slots := make(map[string][]int, len(cves))
	var ids []string
	for i, cve := range cves {
		id := strings.ToUpper(strings.TrimSpace(cve))
		if !isCVE.MatchString(id) {
			results[i].Err = c.up.Fail("scores", upstream.BadQuery, fmt.Errorf("%.50q is not a CVE id", cve))
			continue
		}
		if slots[id] == nil {
			ids = append(ids, id)
		}
		slots[id] = append(slots[id], i)
	}
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, chunk := range split(ids) {
		g.Go(func() error {
			scores, err := c.scores(ctx, chunk)
			for _, id := range chunk {
				r, known := scores[id]
				switch {
				case err != nil:
					r = Result{Err: err}
				case known && r.Err != nil:
					r.Err = c.up.Fail("scores", upstream.BadAnswer, r.Err)
				}
				for _, i := range slots[id] {
					results[i] = r
				}
			}
			return nil
		})
	}
	_ = g.Wait() // each id has its own error
	return results
}

var isCVE = regexp.MustCompile(`^CVE-[0-9]{4}-[0-9]{4,19}$`)

// split cuts ids into lists that one call can ask for.
func split(ids []string) [][]string {
	var chunks [][]string
	start, chars := 0, 0
	for i, id := range ids {
		if i > start && (i-start == MaxCVEs || chars+1+len(id) > MaxChars) {
			chunks = append(chunks, ids[start:i])
			start, chars = i, 0
		}
		if i > start {
			chars++
		}
		chars += len(id)
	}
	if start < len(ids) {
		chunks = append(chunks, ids[start:])
	}
	return chunks
}

func (c *Client) scores(ctx context.Context, ids []string) (map[string]Result, error) {
	var scores map[string]Result
	err := c.up.Do(ctx, upstream.Call{
		Op:     "scores",
		Method: http.MethodGet,
		// The ids hold nothing that must be escaped, and an escaped comma would
		// count three times.
		URL: c.url + "?cve=" + strings.Join(ids, ",") + "&limit=" + strconv.Itoa(MaxCVEs),
	}, func(a upstream.Answer) (err error) {
		if scores, err = decode(a.Body); err == nil {
			err = onlyOf(ids, scores)
		}
		return err
	})
	return scores, err
}

// onlyOf returns an error if there is a score that was not asked for: such an
// answer is to another question, and says nothing of what it leaves out.
func onlyOf(ids []string, scores map[string]Result) error {
	asked := make(map[string]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(scores)) {
		if !asked[id] {
			return fmt.Errorf("a score of %.50q, which was not asked for", id)
		}
	}
	return nil
}

// decode reads an answer: what it says of each id, and an error in the Result of
// one whose numbers are none.
func decode(data []byte) (map[string]Result, error) {
	var answer struct {
		Total *int `json:"total"`
		Data  []struct {
			CVE        string          `json:"cve"`
			EPSS       json.RawMessage `json:"epss"`
			Percentile json.RawMessage `json:"percentile"`
			Date       string          `json:"date"`
		} `json:"data"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if answer.Data == nil {
		return nil, errors.New("no data in the answer")
	}
	if answer.Total != nil && *answer.Total > len(answer.Data) {
		return nil, fmt.Errorf("%d scores of %d", len(answer.Data), *answer.Total)
	}
	scores := make(map[string]Result, len(answer.Data))
	for _, d := range answer.Data {
		r := Result{Known: true}
		var err1, err2 error
		r.Score.Probability, err1 = share(d.EPSS)
		r.Score.Percentile, err2 = share(d.Percentile)
		if err := errors.Join(err1, err2); err != nil {
			r = Result{Err: fmt.Errorf("%.50q: %w", d.CVE, err)}
		} else if day, err := time.Parse(time.DateOnly, d.Date); err == nil {
			r.Score.Date = day
		}
		scores[strings.ToUpper(d.CVE)] = r
	}
	return scores, nil
}

// share reads a number from 0 to 1, bare or in quotes.
func share(raw json.RawMessage) (float64, error) {
	text := string(raw)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(raw, &text); err != nil {
			return 0, err
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return 0, fmt.Errorf("%.50q is not a number from 0 to 1", text)
	}
	return f, nil
}
