// Package osv asks osv.dev which vulnerabilities affect a package, and for their
// records. It knows the shape of that API and nothing of what the records are
// used for.
package osv

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/sync/errgroup"

	"loadline/advisory"
	"loadline/upstream"
)

// DefaultURL is where the API is. See https://google.github.io/osv.dev/api/.
const DefaultURL = "https://api.osv.dev"

const (
	// maxID is the longest id that the API takes.
	maxID = 100
	// maxRecord is the largest record that is read, far above any there is: with
	// so many in flight, the transport's limit would let too much in.
	maxRecord = 16 << 20
	// defaultHydrators is how many records are fetched at a time.
	defaultHydrators = 256
)

// Client asks one OSV service. It is safe for concurrent use; its field is not
// to be changed while it is used.
type Client struct {
	// Hydrators is how many records Vulns fetches at a time; 0 means 256.
	Hydrators int

	base string
	up   *upstream.Client
}

// New returns a Client for the service at baseURL, such as DefaultURL.
func New(baseURL string, up *upstream.Client) *Client {
	return &Client{base: upstream.Base(baseURL), up: up}
}

// VulnResult is the answer for one id: a record, as served and as read, or an
// error.
type VulnResult struct {
	Raw      json.RawMessage
	Advisory advisory.Advisory
	Err      error
}

// NotFoundError says that OSV has no record with the id. It is an
// upstream.ErrNotFound.
type NotFoundError struct {
	ID string
	// Aliases are the records that OSV names in its place: a CVE id may have
	// only a GHSA record.
	Aliases []string
}

// Error names the id, and its aliases where there are some.
func (e *NotFoundError) Error() string {
	if len(e.Aliases) == 0 {
		return fmt.Sprintf("osv.dev: vulns: no record %q", e.ID)
	}
	return fmt.Sprintf("osv.dev: vulns: no record %q, but of %s", e.ID, strings.Join(e.Aliases, ", "))
}

// Is says that it is an upstream.ErrNotFound.
func (e *NotFoundError) Is(target error) bool { return target == upstream.ErrNotFound }

// Vulns returns the records with the ids, in the order asked. Ids are taken
// letter by letter, case included. Each result has its own error.
func (c *Client) Vulns(ctx context.Context, ids []string) []VulnResult {
	results := make([]VulnResult, len(ids))
	slots := make(map[string][]int, len(ids))
	for i, id := range ids {
		slots[id] = append(slots[id], i)
	}
	var g errgroup.Group
	g.SetLimit(defaultHydrators)
	if c.Hydrators > 0 {
		g.SetLimit(c.Hydrators)
	}
	for i, id := range ids {
		same := slots[id]
		if same[0] != i {
			continue
		}
		g.Go(func() error {
			r := c.vuln(ctx, id)
			for _, slot := range same {
				results[slot] = r
			}
			return nil
		})
	}
	_ = g.Wait() // each id has its own error
	return results
}

var isID = regexp.MustCompile(`^[[:graph:]]+$`)

func (c *Client) vuln(ctx context.Context, id string) VulnResult {
	if len(id) > maxID || !isID.MatchString(id) || strings.Trim(id, ".") == "" {
		return VulnResult{Err: &NotFoundError{ID: id}}
	}
	var (
		r       VulnResult
		missing error
	)
	err := c.up.Do(ctx, upstream.Call{
		Op:           "vulns",
		Method:       http.MethodGet,
		URL:          c.base + "/v1/vulns/" + url.PathEscape(id),
		Expect:       []int{http.StatusNotFound},
		MaxBodyBytes: maxRecord,
	}, func(a upstream.Answer) (err error) {
		if a.Status == http.StatusNotFound {
			missing = notFound(id, a.Body)
			return nil
		}
		r, err = decodeVuln(id, a.Body)
		return err
	})
	if err == nil {
		err = missing
	}
	if err != nil {
		return VulnResult{Err: err}
	}
	return r
}

// decodeVuln reads a record and checks that it is the one asked for.
func decodeVuln(id string, data []byte) (VulnResult, error) {
	a, err := advisory.Decode(data)
	if err != nil {
		return VulnResult{}, err
	}
	if a.ID != id {
		return VulnResult{}, fmt.Errorf("the record is %.100q", a.ID)
	}
	return VulnResult{Raw: data, Advisory: a}, nil
}

// notFound reads why there is no record.
func notFound(id string, data []byte) error {
	const before = "the following aliases were:"
	e := &NotFoundError{ID: id}
	if _, list, ok := strings.Cut(message(data), before); ok {
		for _, alias := range strings.Fields(list) {
			if alias != id && len(alias) <= maxID {
				e.Aliases = append(e.Aliases, alias)
			}
		}
	}
	return e
}

// message returns the text of an error answer, empty where it has none.
func message(data []byte) string {
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(data, &answer) != nil {
		return ""
	}
	return answer.Message
}
