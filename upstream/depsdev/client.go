// Package depsdev asks deps.dev about packages and their versions. It knows the
// shape of that API and nothing of what the facts are used for.
package depsdev

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/purl"
	"loadline/upstream"
)

// DefaultURL is where the API is. See https://docs.deps.dev/api/.
const DefaultURL = "https://api.deps.dev"

const (
	// MaxVersions is how many versions one call asks for. The API takes 5,000
	// (https://docs.deps.dev/api/v3alpha/#getversionbatch); with fewer, a call
	// that fails costs less and its answer stays small.
	MaxVersions = 1000
	// maxPages ends a batch whose next page never ends.
	maxPages = 100
	// parallel calls of one Versions.
	parallel = 4
)

// Client asks one deps.dev service. It is safe for concurrent use.
type Client struct {
	base string
	up   *upstream.Client
}

// New returns a Client for the service at baseURL, such as DefaultURL.
func New(baseURL string, up *upstream.Client) *Client {
	return &Client{base: upstream.Base(baseURL), up: up}
}

// PackageKey names a package.
type PackageKey struct {
	System string // "CARGO", "GO", "MAVEN", "NPM", "NUGET", "PYPI", "RUBYGEMS"
	Name   string
}

// VersionKey names a version of a package.
type VersionKey struct {
	System  string `json:"system"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Version is what deps.dev says of one version.
type Version struct {
	Key          VersionKey // as deps.dev spells it
	PublishedAt  time.Time  // zero where it is not known
	IsDefault    bool       // the one that a bare install gets
	IsDeprecated bool
	Licenses     []string // SPDX expressions, or "non-standard"; empty where not known
	AdvisoryKeys []string // ids of the advisories about this very version
}

// VersionResult is the answer for one key. Without Err, Known says whether
// deps.dev has the version.
type VersionResult struct {
	Version Version
	Known   bool
	Err     error
}

// Package is a package with all its versions.
type Package struct {
	Key      PackageKey       // as deps.dev spells it
	Versions []PackageVersion // in the order of the answer
}

// PackageVersion is one version of a Package.
type PackageVersion struct {
	Version      string
	PublishedAt  time.Time // zero where it is not known
	IsDefault    bool
	IsDeprecated bool
}

// SystemOf returns the system and the name by which deps.dev knows the package
// of a purl, and false where it covers none of that type.
func SystemOf(p purl.PURL) (system, name string, ok bool) {
	name = p.Name
	slash := func() string {
		if p.Namespace == "" {
			return p.Name
		}
		return p.Namespace + "/" + p.Name
	}
	switch p.Type {
	case "cargo":
		system = "CARGO"
	case "gem":
		system = "RUBYGEMS"
	case "golang":
		system, name = "GO", slash()
	case "maven":
		if p.Namespace == "" {
			return "", "", false
		}
		system, name = "MAVEN", p.Namespace+":"+p.Name
	case "npm":
		system, name = "NPM", slash()
	case "nuget":
		system = "NUGET"
	case "pypi":
		system = "PYPI"
	default:
		return "", "", false
	}
	return system, name, p.Name != ""
}

// Versions returns a result for each key, in the order asked. Keys go out in
// batches; one that fails costs only its own keys, whose results say so. The
// error is not nil only when ctx has ended.
func (c *Client) Versions(ctx context.Context, keys []VersionKey) ([]VersionResult, error) {
	results := make([]VersionResult, len(keys))
	slots := make(map[VersionKey][]int, len(keys))
	var unique []VersionKey
	for i, key := range keys {
		if key.System == "" || key.Name == "" || key.Version == "" {
			results[i].Err = c.up.Fail("versionbatch", upstream.BadQuery, fmt.Errorf("incomplete key %+v", key))
			continue
		}
		if slots[key] == nil {
			unique = append(unique, key)
		}
		slots[key] = append(slots[key], i)
	}
	var g errgroup.Group
	g.SetLimit(parallel)
	for start := 0; start < len(unique); start += MaxVersions {
		chunk := unique[start:min(start+MaxVersions, len(unique))]
		g.Go(func() error {
			found, err := c.versions(ctx, chunk)
			for _, key := range chunk {
				r, answered := found[key]
				switch {
				case !answered:
					r.Err = err
				case r.Err != nil:
					r.Err = c.up.Fail("versionbatch", upstream.BadAnswer, r.Err)
				}
				for _, i := range slots[key] {
					results[i] = r
				}
			}
			return nil
		})
	}
	_ = g.Wait() // each key has its own error
	if err := ctx.Err(); err != nil {
		return results, fmt.Errorf("deps.dev: %d versions: %w", len(keys), err)
	}
	return results, nil
}

// versions asks for one batch, page by page. What was answered before an error
// is in the map; the error is for all other keys, and never nil when there are
// some.
func (c *Client) versions(ctx context.Context, keys []VersionKey) (map[VersionKey]VersionResult, error) {
	found := make(map[VersionKey]VersionResult, len(keys))
	seen := map[string]bool{"": true}
	token := ""
	for range maxPages {
		body, err := encodeVersions(keys, token)
		if err != nil {
			return found, c.up.Fail("versionbatch", upstream.BadQuery, err)
		}
		var next string
		err = c.up.Do(ctx, upstream.Call{
			Op:     "versionbatch",
			Method: http.MethodPost,
			URL:    c.base + "/v3alpha/versionbatch",
			Body:   body,
		}, func(a upstream.Answer) (err error) {
			next, err = decodeVersions(a.Body, found)
			return err
		})
		switch {
		case err != nil:
			return found, err
		case next == "":
			return found, c.up.Fail("versionbatch", upstream.BadAnswer, errors.New("not every version was answered"))
		case seen[next]:
			return found, c.up.Fail("versionbatch", upstream.BadAnswer, fmt.Errorf("page token %.50q came twice", next))
		}
		seen[next] = true
		token = next
	}
	return found, c.up.Fail("versionbatch", upstream.BadAnswer, fmt.Errorf("no end after %d pages", maxPages))
}

// Package returns a package with its versions. A package that deps.dev does not
// know is upstream.ErrNotFound.
func (c *Client) Package(ctx context.Context, key PackageKey) (Package, error) {
	if key.System == "" || key.Name == "" {
		return Package{}, c.up.Fail("package", upstream.BadQuery, fmt.Errorf("incomplete key %+v", key))
	}
	var (
		p       Package
		missing bool
	)
	err := c.up.Do(ctx, upstream.Call{
		Op:     "package",
		Method: http.MethodGet,
		URL:    c.base + "/v3/systems/" + escape(strings.ToLower(key.System)) + "/packages/" + escape(key.Name),
		Expect: []int{http.StatusNotFound},
	}, func(a upstream.Answer) (err error) {
		if a.Status == http.StatusNotFound {
			missing = true
			return nil
		}
		p, err = decodePackage(key, a.Body)
		return err
	})
	switch {
	case err != nil:
		return Package{}, err
	case missing:
		return Package{}, fmt.Errorf("deps.dev: package %s %q: %w", key.System, key.Name, upstream.ErrNotFound)
	}
	return p, nil
}

// escape writes a name as one segment of a path. PathEscape would leave the "@"
// and ":" of names, and "." and ".." would be taken for directories.
func escape(name string) string {
	if strings.Trim(name, ".") == "" {
		return strings.ReplaceAll(name, ".", "%2E")
	}
	return strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
