package dataset

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Catalogue is a KEV catalogue without entries.
var Catalogue = []byte(`{"catalogVersion":"2026.03.05","dateReleased":"2026-03-05T17:04:19.9796Z","count":0,"vulnerabilities":[]}`)

// maxScores is how many ids EPSS answers about in one call.
const maxScores = 100

// Server plays OSV and EPSS from prepared bytes. It reads HTTP/1.1 by itself and
// does little else, so that on a small machine most of the processor is left to
// who is measured. bench/standin is the careful one.
//
//	POST /v1/querybatch  GET /v1/vulns/{id}  GET /data/v1/epss?cve=A,B
//	GET /__stats  POST /__reset  GET /__latency?ms=N
type Server struct {
	results map[string][]byte // by purl, and by ecosystem, name and version
	records map[string][]byte // by id: a whole answer
	scores  map[string][]byte // by CVE
	latency atomic.Int64
	calls   atomic.Int64
}

// NewServer returns a server of all the data given.
func NewServer(all ...*Data) (*Server, error) {
	s := &Server{results: map[string][]byte{}, records: map[string][]byte{}, scores: map[string][]byte{}}
	for _, d := range all {
		for p, ids := range d.Affected {
			t, err := Target(p)
			if err != nil {
				return nil, err
			}
			result := []byte("{}")
			if len(ids) > 0 {
				refs := make([]string, len(ids))
				for i, id := range ids {
					refs[i] = `{"id":"` + id + `","modified":"` + modified + `"}`
				}
				result = []byte(`{"vulns":[` + strings.Join(refs, ",") + `]}`)
			}
			s.results[p] = result
			s.results[packageKey(t.Ecosystem, t.Name, t.Version)] = result
		}
		records, err := d.Records()
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			s.records[r.ID] = whole("200 OK", r.JSON)
		}
		for _, v := range d.Vulnerabilities {
			if v.CVE != "" {
				s.scores[v.CVE] = fmt.Appendf(nil, `{"cve":"%s","epss":"%s","percentile":"%s","date":"2026-03-15"}`, v.CVE, v.EPSS.Probability, v.EPSS.Percentile)
			}
		}
	}
	return s, nil
}

func packageKey(ecosystem, name, version string) string {
	return ecosystem + "\n" + name + "\n" + version
}

func whole(status string, body []byte) []byte {
	return append([]byte("HTTP/1.1 "+status+"\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"), body...)
}

// Serve answers until the listener is closed.
func (s *Server) Serve(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go s.converse(conn)
	}
}

func (s *Server) converse(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 16<<10)
	var body []byte
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		method, rest, _ := strings.Cut(string(line), " ")
		target, _, _ := strings.Cut(rest, " ")
		length := 0
		for {
			header, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(header) <= 2 {
				break
			}
			name, value, _ := bytes.Cut(header, []byte(":"))
			if bytes.EqualFold(name, []byte("Content-Length")) {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
			}
		}
		body = slices.Grow(body[:0], length)[:length]
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		if _, err := conn.Write(s.answer(method, target, body)); err != nil {
			return
		}
	}
}

var notFound = whole("404 Not Found", []byte(`{"code":5,"message":"not found"}`))

func (s *Server) answer(method, target string, body []byte) []byte {
	path, query, _ := strings.Cut(target, "?")
	switch {
	case strings.HasPrefix(path, "/v1/vulns/"):
		s.delay()
		if b, ok := s.records[path[len("/v1/vulns/"):]]; ok {
			return b
		}
		return notFound
	case path == "/v1/querybatch" && method == http.MethodPost:
		s.delay()
		return s.batch(body)
	case path == "/data/v1/epss":
		s.delay()
		return s.epss(query)
	case strings.HasSuffix(path, "known_exploited_vulnerabilities.json"):
		return whole("200 OK", Catalogue)
	case path == "/__stats":
		return whole("200 OK", fmt.Appendf(nil, `{"calls":%d}`, s.calls.Load()))
	case path == "/__reset":
		s.calls.Store(0)
		return whole("200 OK", []byte("{}"))
	case path == "/__latency":
		values, _ := url.ParseQuery(query)
		ms, _ := strconv.Atoi(values.Get("ms"))
		s.latency.Store(int64(ms))
		return whole("200 OK", []byte("{}"))
	}
	return notFound
}

// delay counts a call and takes its time.
func (s *Server) delay() {
	s.calls.Add(1)
	if ms := s.latency.Load(); ms > 0 {
		<-time.After(time.Duration(ms) * time.Millisecond)
	}
}

func (s *Server) batch(body []byte) []byte {
	var batch struct {
		Queries []struct {
			Version string `json:"version"`
			Package struct {
				PURL      string `json:"purl"`
				Ecosystem string `json:"ecosystem"`
				Name      string `json:"name"`
			} `json:"package"`
		} `json:"queries"`
	}
	if err := json.Unmarshal(body, &batch); err != nil || len(batch.Queries) > 1000 {
		return whole("400 Bad Request", []byte(`{"code":3,"message":"bad request"}`))
	}
	out := []byte(`{"results":[`)
	for i, q := range batch.Queries {
		if i > 0 {
			out = append(out, ',')
		}
		key := q.Package.PURL
		if key == "" {
			key = packageKey(q.Package.Ecosystem, q.Package.Name, q.Version)
		}
		if result, ok := s.results[key]; ok {
			out = append(out, result...)
		} else {
			out = append(out, "{}"...)
		}
	}
	return whole("200 OK", append(out, "]}"...))
}

func (s *Server) epss(query string) []byte {
	values, _ := url.ParseQuery(query)
	var ids []string
	for _, list := range values["cve"] {
		ids = append(ids, strings.Split(list, ",")...)
	}
	var rows []byte
	total := 0
	for _, id := range ids[:min(len(ids), maxScores)] {
		if row, ok := s.scores[id]; ok {
			if total++; total > 1 {
				rows = append(rows, ',')
			}
			rows = append(rows, row...)
		}
	}
	return whole("200 OK", fmt.Appendf(nil, `{"status":"OK","status-code":200,"version":"1.0","access":"public","total":%d,"offset":0,"limit":%d,"data":[%s]}`, total, maxScores, rows))
}
