package standin

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loadline/purl"
)

// maxRequests is how many requests a deps.dev batch may hold.
const maxRequests = 5000

// versionKey names a version as deps.dev does. Version is empty where it names a
// package.
type versionKey struct {
	System  string `json:"system"`
	Name    string `json:"name"`
	Version string `json:"version"`
}

// depsDevVersionBatch answers POST /v3alpha/versionbatch. The order is not that
// of the requests; an unknown version has no "version".
func (s *Server) depsDevVersionBatch(c *call) answer {
	var body struct {
		Requests []struct {
			VersionKey versionKey `json:"versionKey"`
		} `json:"requests"`
		PageToken string `json:"pageToken"`
	}
	if err := decode(c.body, &body); err != nil {
		return textAnswer(http.StatusBadRequest, "invalid request: "+err.Error())
	}
	parts := make([]part, len(body.Requests))
	for i, r := range body.Requests {
		if !slices.Contains(systems[:], r.VersionKey.System) {
			return textAnswer(http.StatusBadRequest, fmt.Sprintf("invalid request: requests[%d]: unknown system %q", i, r.VersionKey.System))
		}
		echo := appendKey([]byte(`{"request":{"versionKey":`), r.VersionKey)
		parts[i] = part{key: r.VersionKey, head: string(append(echo, '}')), open: `,"version":`, close: "}"}
	}
	return s.batch(c, parts, body.PageToken)
}

// depsDevPURLBatch answers POST /v3alpha/purlbatch, which refuses qualifiers and
// subpaths. A type that deps.dev does not cover is answered without a result.
func (s *Server) depsDevPURLBatch(c *call) answer {
	var body struct {
		Requests []struct {
			PURL string `json:"purl"`
		} `json:"requests"`
		PageToken string `json:"pageToken"`
	}
	if err := decode(c.body, &body); err != nil {
		return textAnswer(http.StatusBadRequest, "invalid request: "+err.Error())
	}
	parts := make([]part, len(body.Requests))
	for i, r := range body.Requests {
		p, err := purl.Parse(r.PURL)
		switch {
		case err != nil:
		case len(p.Qualifiers) > 0 || strings.Contains(r.PURL, "?"):
			err = fmt.Errorf("purl %q: qualifiers must be empty", r.PURL)
		case strings.Contains(r.PURL, "#"):
			err = fmt.Errorf("purl %q: subpath must be empty", r.PURL)
		case p.Version == "":
			err = fmt.Errorf("purl %q: version is required", r.PURL)
		}
		if err != nil {
			return textAnswer(http.StatusBadRequest, fmt.Sprintf("invalid request: requests[%d]: %v", i, err))
		}
		echo := appendString([]byte(`{"request":{"purl":`), r.PURL)
		parts[i] = part{key: registryKey(p), head: string(append(echo, '}')), open: `,"result":{"version":`, close: "}}"}
	}
	return s.batch(c, parts, body.PageToken)
}

// part is one response of a batch: head, then open, version and close where the
// version is known.
type part struct {
	key               versionKey
	head, open, close string
}

// batch answers a page of parts. The token is bound to the requests: with others
// it is refused.
func (s *Server) batch(c *call, parts []part, pageToken string) answer {
	c.items = len(parts)
	if len(parts) > maxRequests {
		return textAnswer(http.StatusBadRequest, fmt.Sprintf("invalid request: %d requests, at most %d are allowed", len(parts), maxRequests))
	}
	heads := make([]string, len(parts))
	order := make([]uint64, len(parts))
	places := make([]int, len(parts))
	for i, p := range parts {
		heads[i], order[i], places[i] = p.head, hashOf(p.head, strconv.Itoa(i)), i
	}
	hash, start := hashOf(heads...), 0
	if pageToken != "" {
		var ok bool
		if start, ok = offset(hash, pageToken); !ok || start > len(parts) {
			return textAnswer(http.StatusBadRequest, "invalid request: page token does not belong to these requests")
		}
	}
	slices.SortFunc(places, func(i, j int) int {
		if order[i] < order[j] {
			return -1
		}
		return 1
	})
	end := min(start+c.pages.DepsDev, len(parts))
	slots := make([][]byte, 0, end-start)
	for _, i := range places[start:end] {
		p := parts[i]
		slot := []byte(p.head)
		if v, ok := s.version(p.key); ok {
			slot = append(slot, p.open...)
			slot = v.appendTo(slot, true)
			slot = append(slot, p.close...)
		} else {
			slot = append(slot, '}')
		}
		slots = append(slots, slot)
	}
	next := ""
	if end < len(parts) {
		next = token(hash, end)
	}
	return listAnswer(`{"responses":[`, slots, `],"nextPageToken":"`+next+`"}`)
}

// depsDevPackage answers GET /v3/systems/{system}/packages/{name}.
func (s *Server) depsDevPackage(c *call) answer {
	c.items = 1
	key, ok := pathKey(c.key)
	if !ok {
		return textAnswer(http.StatusBadRequest, "invalid request: unknown system")
	}
	versions := s.versionsOf(key)
	if len(versions) == 0 {
		return textAnswer(http.StatusNotFound, "package not found")
	}
	alpha := strings.HasPrefix(c.URL.Path, "/v3alpha/")
	b := []byte(`{"packageKey":{"system":`)
	b = append(appendString(b, key.System), `,"name":`...)
	b = append(appendString(b, key.canonical().Name), '}')
	if alpha {
		b = append(b, `,"purl":`...)
		b = appendString(b, versionKey{key.System, key.Name, ""}.purl())
	}
	slots := make([][]byte, len(versions))
	for i, v := range versions {
		slots[i] = v.appendSummary(nil, alpha)
	}
	return listAnswer(string(b)+`,"versions":[`, slots, "]}")
}

// depsDevVersion answers GET /v3/systems/{system}/packages/{name}/versions/{version}.
func (s *Server) depsDevVersion(c *call) answer {
	c.items = 1
	key, ok := pathKey(c.key)
	if !ok {
		return textAnswer(http.StatusBadRequest, "invalid request: unknown system")
	}
	v, ok := s.version(key)
	if !ok {
		return textAnswer(http.StatusNotFound, "version not found")
	}
	return jsonAnswer(http.StatusOK, v.appendTo(nil, strings.HasPrefix(c.URL.Path, "/v3alpha/")))
}

// pathKey reads "npm/packages/%40a%2Fb" and "npm/packages/%40a%2Fb/versions/1".
func pathKey(path string) (versionKey, bool) {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		plain, err := url.PathUnescape(p)
		if err != nil {
			return versionKey{}, false
		}
		parts[i] = plain
	}
	key := versionKey{System: strings.ToUpper(parts[0]), Name: parts[2]}
	if len(parts) > 4 {
		key.Version = parts[4]
	}
	return key, slices.Contains(systems[:], key.System)
}

func appendKey(b []byte, k versionKey) []byte {
	b = append(b, `{"system":`...)
	b = append(appendString(b, k.System), `,"name":`...)
	b = append(appendString(b, k.Name), `,"version":`...)
	return append(appendString(b, k.Version), '}')
}

// parseRegistry reads depsdev.json.
func parseRegistry(raw []byte) (registry, error) {
	known := registry{}
	if raw == nil {
		return known, nil
	}
	var body struct {
		Packages []struct {
			System   string        `json:"system"`
			Name     string        `json:"name"`
			Versions []versionFact `json:"versions"`
		} `json:"packages"`
	}
	if err := decode(raw, &body); err != nil {
		return nil, err
	}
	for i, p := range body.Packages {
		if !slices.Contains(systems[:], p.System) {
			return nil, fmt.Errorf("packages[%d]: unknown system %q; there are %s", i, p.System, strings.Join(systems[:], " "))
		}
		key := versionKey{System: p.System, Name: p.Name}.canonical()
		facts := make([]versionFact, len(p.Versions))
		for j, fact := range p.Versions {
			fact.key = key
			fact.key.Version = fact.Version
			facts[j] = fact
		}
		known[key] = facts
	}
	return known, nil
}
