package standin

import (
	"net/http"
	"net/url"
	"strings"
)

// Endpoint names one call of one source ("osv.querybatch"), or a source as a
// whole ("osv").
type Endpoint string

// The sources.
const (
	OSV     Endpoint = "osv"
	EPSS    Endpoint = "epss"
	KEV     Endpoint = "kev"
	DepsDev Endpoint = "depsdev"
	Bulk    Endpoint = "bulk"
)

// The endpoints of each source, with the paths they answer at.
const (
	OSVQuery      Endpoint = "osv.query"      // POST /v1/query
	OSVQueryBatch Endpoint = "osv.querybatch" // POST /v1/querybatch
	OSVVuln       Endpoint = "osv.vuln"       // GET /v1/vulns/{id}

	EPSSScores Endpoint = "epss.scores" // GET /data/v1/epss
	EPSSFile   Endpoint = "epss.file"   // GET /epss_scores-current.csv.gz

	KEVCatalogue Endpoint = "kev.catalogue" // GET /sites/default/files/feeds/known_exploited_vulnerabilities.json

	DepsDevVersionBatch Endpoint = "depsdev.versionbatch" // POST /v3alpha/versionbatch
	DepsDevPURLBatch    Endpoint = "depsdev.purlbatch"    // POST /v3alpha/purlbatch
	DepsDevPackage      Endpoint = "depsdev.package"      // GET /v3/systems/{system}/packages/{name}
	DepsDevVersion      Endpoint = "depsdev.version"      // GET /v3/systems/{system}/packages/{name}/versions/{version}

	BulkFile Endpoint = "bulk.file" // GET /bulk/…
)

var endpoints = [...]Endpoint{
	OSVQuery, OSVQueryBatch, OSVVuln, EPSSScores, EPSSFile, KEVCatalogue,
	DepsDevVersionBatch, DepsDevPURLBatch, DepsDevPackage, DepsDevVersion, BulkFile,
}

// Source returns the source that e belongs to, or e itself where it is one.
func (e Endpoint) Source() Endpoint {
	source, _, _ := strings.Cut(string(e), ".")
	return Endpoint(source)
}

// covers reports whether a rule on e concerns a call of other.
func (e Endpoint) covers(other Endpoint) bool {
	return e == "" || e == other || e == other.Source()
}

func (e Endpoint) known() bool {
	for _, other := range endpoints {
		if e.covers(other) {
			return true
		}
	}
	return false
}

func (e Endpoint) index() int {
	for i, other := range endpoints {
		if e == other {
			return i
		}
	}
	return 0
}

// route is where a request goes.
type route struct {
	endpoint Endpoint
	key      string
	serve    func(*call) answer
}

// route finds the endpoint by the path as it was sent: a package name holds
// escaped slashes that the decoded path no longer tells from separators.
func (s *Server) route(r *http.Request) (route, bool) {
	path := r.URL.EscapedPath()
	switch r.Method {
	case http.MethodPost:
		switch path {
		case "/v1/query":
			return route{OSVQuery, "", s.osvQuery}, true
		case "/v1/querybatch":
			return route{OSVQueryBatch, "", s.osvQueryBatch}, true
		case "/v3alpha/versionbatch":
			return route{DepsDevVersionBatch, "", s.depsDevVersionBatch}, true
		case "/v3alpha/purlbatch":
			return route{DepsDevPURLBatch, "", s.depsDevPURLBatch}, true
		}
	case http.MethodGet, http.MethodHead:
		switch path {
		case "/data/v1/epss":
			return route{EPSSScores, "", s.epssScores}, true
		case "/epss_scores-current.csv.gz":
			return route{EPSSFile, "epss.csv.gz", s.bulkFile}, true
		case "/sites/default/files/feeds/known_exploited_vulnerabilities.json":
			return route{KEVCatalogue, "kev.json", s.bulkFile}, true
		}
		return s.routeGet(path)
	}
	return route{}, false
}

func (s *Server) routeGet(path string) (route, bool) {
	if rest, ok := strings.CutPrefix(path, "/v1/vulns/"); ok && !strings.Contains(rest, "/") {
		id, err := url.PathUnescape(rest)
		return route{OSVVuln, id, s.osvVuln}, err == nil
	}
	if rest, ok := strings.CutPrefix(path, "/bulk/"); ok {
		name, err := url.PathUnescape(rest)
		return route{BulkFile, name, s.bulkFile}, err == nil
	}
	for _, version := range []string{"/v3/systems/", "/v3alpha/systems/"} {
		rest, ok := strings.CutPrefix(path, version)
		if !ok {
			continue
		}
		// The key keeps its escapes; the handler splits it first.
		switch parts := strings.Split(rest, "/"); {
		case len(parts) == 3 && parts[1] == "packages":
			return route{DepsDevPackage, rest, s.depsDevPackage}, true
		case len(parts) == 5 && parts[1] == "packages" && parts[3] == "versions":
			return route{DepsDevVersion, rest, s.depsDevVersion}, true
		}
	}
	return route{}, false
}
