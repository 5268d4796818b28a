package osv

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/upstream"
)

const (
	// MaxQueries is the most that one batch may hold; see
	// https://google.github.io/osv.dev/post-v1-querybatch/.
	MaxQueries = 1000
	// maxBatches run at once, as in OSV's own client.
	maxBatches = 10
	// maxPages ends a query whose next page never ends.
	maxPages = 100
	// maxBad is how many bad queries are taken out of one batch, at a call each,
	// before the rest of it is given up.
	maxBad = 50
)

// Query asks for the vulnerabilities of a package (Ecosystem, Name and Version;
// or PURL, which may hold the version), or of a Commit. Ecosystem and Name are
// case-sensitive. Without a version, all vulnerabilities of the package are
// meant.
type Query struct {
	Ecosystem string
	Name      string
	Version   string
	Commit    string
	PURL      string
}

// Result is the answer for one Query. With an Err, Refs are those that came
// before it and are not all.
type Result struct {
	Refs []Ref // in the order of the answers, which OSV sorts by id
	Err  error
}

// Ref names a record.
type Ref struct {
	ID string
	// Modified is when the record last changed; zero where the answer does not
	// say.
	Modified time.Time
}

// QueryBatch returns a Result for each query, in the order asked. Queries go out
// in batches of at most MaxQueries and their pages are followed to the end. A
// batch that fails costs only its own queries; a query that OSV refuses costs
// only itself. The error is not nil only when ctx has ended.
func (c *Client) QueryBatch(ctx context.Context, queries []Query) ([]Result, error) {
	results := make([]Result, len(queries))
	var slots []slot
	for i, q := range queries {
		if err := q.check(); err != nil {
			results[i].Err = c.refused(err)
			continue
		}
		slots = append(slots, slot{query: q, result: &results[i]})
	}
	var g errgroup.Group
	g.SetLimit(maxBatches)
	for batch := range slices.Chunk(slots, MaxQueries) {
		g.Go(func() error {
			c.batch(ctx, batch)
			return nil
		})
	}
	_ = g.Wait() // each query has its own error
	if err := ctx.Err(); err != nil {
		return results, fmt.Errorf("osv.dev: querybatch of %d: %w", len(queries), err)
	}
	return results, nil
}

var isHash = regexp.MustCompile(`^[0-9a-fA-F]+$`)

// check returns what OSV is sure to refuse, without the call that finds out.
func (q Query) check() error {
	switch {
	case q.Commit != "" && !isHash.MatchString(q.Commit):
		return fmt.Errorf("commit %.100q is not hexadecimal", q.Commit)
	case q.PURL != "" && (q.Name != "" || q.Ecosystem != ""):
		return errors.New("both a purl and a name or ecosystem")
	case q.Commit == "" && q.PURL == "" && q.Name == "":
		return errors.New("no commit, purl or name")
	case q.Name != "" && q.Ecosystem == "" && q.Version == "":
		return errors.New("a name with neither ecosystem nor version")
	}
	return nil
}

// slot is a query on its way to the end of its pages.
type slot struct {
	query  Query
	result *Result
	token  string
	seen   []string // tokens sent
}

func (c *Client) refused(err error) error { return c.up.Fail("querybatch", upstream.BadQuery, err) }

func (c *Client) lied(err error) error { return c.up.Fail("querybatch", upstream.BadAnswer, err) }

// batch asks until every slot has its end or its error.
func (c *Client) batch(ctx context.Context, slots []slot) {
	for bad := 0; len(slots) > 0; {
		page, err := c.page(ctx, slots)
		var why *refusal
		if errors.As(err, &why) {
			if why.index < len(slots) && bad < maxBad {
				bad++
				slots = c.without(slots, why)
				continue
			}
			err = c.refused(err)
		}
		switch {
		case err != nil:
			for _, s := range slots {
				s.result.Err = err
			}
			return
		default:
			slots = c.take(slots, page)
		}
	}
}

// without fails the query that was refused, and those that must be for the same
// reason, and returns the rest.
func (c *Client) without(slots []slot, why *refusal) []slot {
	culprit := slots[why.index]
	var rest []slot
	for i, s := range slots {
		sameEcosystem := strings.Contains(why.message, "invalid ecosystem") &&
			culprit.query.Ecosystem != "" && s.query.Ecosystem == culprit.query.Ecosystem
		if i == why.index || sameEcosystem {
			s.result.Err = c.refused(errors.New(why.message))
			continue
		}
		rest = append(rest, s)
	}
	return rest
}

// take adds a page to the results and returns the slots that have another.
func (c *Client) take(slots []slot, page []json.RawMessage) []slot {
	var more []slot
	for i, s := range slots {
		refs, next, err := decodeResult(page[i])
		s.result.Refs = append(s.result.Refs, refs...)
		switch {
		case err != nil:
			s.result.Err = c.lied(err)
		case next == "":
		case slices.Contains(s.seen, next):
			s.result.Err = c.lied(fmt.Errorf("page token %.50q came twice", next))
		case len(s.seen) == maxPages:
			s.result.Err = c.lied(fmt.Errorf("no end after %d pages", maxPages))
		default:
			s.token = next
			s.seen = append(s.seen, next)
			more = append(more, s)
		}
	}
	return more
}

// refusal is the API's answer to a batch with a query that it does not take.
type refusal struct {
	index   int
	message string
}

func (r *refusal) Error() string { return r.message }

var badIndex = regexp.MustCompile(`error in query at index ([0-9]{1,9}):\s*(.*)`)

// page asks for the next page of each slot. Its error is a *refusal when one
// query is to blame.
func (c *Client) page(ctx context.Context, slots []slot) ([]json.RawMessage, error) {
	body, err := encodeBatch(slots)
	if err != nil {
		return nil, c.refused(err)
	}
	var (
		page []json.RawMessage
		bad  error
	)
	err = c.up.Do(ctx, upstream.Call{
		Op:     "querybatch",
		Method: http.MethodPost,
		URL:    c.base + "/v1/querybatch",
		Body:   body,
		Expect: []int{http.StatusBadRequest},
	}, func(a upstream.Answer) (err error) {
		if a.Status == http.StatusBadRequest {
			bad = c.refusal(a.Body)
			return nil
		}
		page, err = decodeBatch(a.Body, len(slots))
		return err
	})
	if err != nil {
		return nil, err
	}
	return page, bad
}

// refusal reads a 400.
func (c *Client) refusal(data []byte) error {
	text := message(data)
	m := badIndex.FindStringSubmatch(text)
	if m == nil {
		e := c.up.Fail("querybatch", upstream.BadQuery, fmt.Errorf("%.300q", text))
		e.Status = http.StatusBadRequest
		return e
	}
	index, err := strconv.Atoi(m[1])
	if err != nil {
		return c.lied(err)
	}
	return &refusal{index: index, message: m[2]}
}

type wireQuery struct {
	Commit    string       `json:"commit,omitempty"`
	Package   *wirePackage `json:"package,omitempty"`
	Version   string       `json:"version,omitempty"`
	PageToken string       `json:"page_token,omitempty"`
}

type wirePackage struct {
	Ecosystem string `json:"ecosystem,omitempty"`
	Name      string `json:"name,omitempty"`
	PURL      string `json:"purl,omitempty"`
}

func encodeBatch(slots []slot) ([]byte, error) {
	body := struct {
		Queries []wireQuery `json:"queries"`
	}{make([]wireQuery, len(slots))}
	for i, s := range slots {
		w := wireQuery{Commit: s.query.Commit, Version: s.query.Version, PageToken: s.token}
		if s.query.Name != "" || s.query.PURL != "" {
			w.Package = &wirePackage{Ecosystem: s.query.Ecosystem, Name: s.query.Name, PURL: s.query.PURL}
		}
		body.Queries[i] = w
	}
	return json.Marshal(body)
}

// decodeBatch returns the results of a batch of n queries, each still to be
// read: one that makes no sense costs only its own query.
func decodeBatch(data []byte, n int) ([]json.RawMessage, error) {
	var answer struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if len(answer.Results) != n {
		return nil, fmt.Errorf("%d results for %d queries", len(answer.Results), n)
	}
	return answer.Results, nil
}

func decodeResult(data []byte) (refs []Ref, next string, err error) {
	var result struct {
		Vulns []struct {
			ID       string `json:"id"`
			Modified string `json:"modified"`
		} `json:"vulns"`
		NextPageToken string `json:"next_page_token"`
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		// Null would be read as a result without vulnerabilities.
		return nil, "", errors.New("a result that is not an object")
	}
	if err := json.Unmarshal(data, &result); err != nil {
		return nil, "", err
	}
	for _, v := range result.Vulns {
		if v.ID == "" || len(v.ID) > maxID {
			return nil, "", fmt.Errorf("a vulnerability with the id %.120q", v.ID)
		}
		ref := Ref{ID: v.ID}
		if t, err := time.Parse(time.RFC3339, v.Modified); err == nil {
			ref.Modified = t.UTC()
		}
		refs = append(refs, ref)
	}
	return refs, result.NextPageToken, nil
}
