package standin

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// file is served as a whole, with the validators of a file server. Its bytes are
// made when they are first asked for.
type file struct {
	contentType string
	modified    time.Time
	bytes       func() []byte
	etag        func() string
}

func newFile(contentType string, modified time.Time, content func() []byte) *file {
	f := &file{contentType: contentType, modified: modified, bytes: sync.OnceValue(content)}
	f.etag = sync.OnceValue(func() string {
		return `"` + strconv.FormatUint(hashOf(string(f.bytes())), 16) + `"`
	})
	return f
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.contentType)
	w.Header().Set("ETag", f.etag())
	http.ServeContent(w, r, "", f.modified, bytes.NewReader(f.bytes()))
}

// bulkFile serves /bulk/, laid out as the bucket of OSV, with the files of KEV
// and EPSS beside it; the KEV catalogue's own path is one of its names.
func (s *Server) bulkFile(c *call) answer {
	c.items = 1
	if f, ok := s.data.files[c.key]; ok {
		return answer{contentType: f.contentType, file: f}
	}
	if folder, member := path.Split(c.key); strings.HasSuffix(member, ".json") {
		r, ok := s.data.records[strings.TrimSuffix(member, ".json")]
		if ok && slices.Contains(s.data.ecosystems[strings.TrimSuffix(folder, "/")], r) {
			f := newFile(typeJSON, r.changed, func() []byte { return r.body })
			return answer{contentType: typeJSON, file: f}
		}
	}
	return answer{
		status:      http.StatusNotFound,
		contentType: "application/xml; charset=UTF-8",
		whole: []byte(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code>` +
			`<Message>The specified key does not exist.</Message></Error>`),
	}
}

// addDump adds the two files of an ecosystem's folder.
func (d *Data) addDump(name string, archive []byte) {
	records := d.ecosystems[name]
	newest := newestOf(records)
	d.files[name+"/all.zip"] = newFile("application/zip", newest, func() []byte {
		if archive != nil {
			return archive
		}
		return zipOf(records)
	})
	d.files[name+"/modified_id.csv"] = newFile("text/csv", newest, func() []byte {
		return modifiedList(map[string][]*record{"": records})
	})
}

// addBulk adds the files that span all ecosystems.
func (d *Data) addBulk() {
	all := slices.SortedFunc(maps.Values(d.records), byID)
	newest := newestOf(all)
	d.files["all.zip"] = newFile("application/zip", newest, func() []byte { return zipOf(all) })
	d.files["modified_id.csv"] = newFile("text/csv", newest, func() []byte { return modifiedList(d.ecosystems) })
	names := slices.Sorted(maps.Keys(d.ecosystems))
	d.files["ecosystems.txt"] = newFile(typePlain, newest, func() []byte {
		return []byte(strings.Join(names, "\n") + "\n")
	})
}

func newestOf(records []*record) time.Time {
	var newest time.Time
	for _, r := range records {
		if r.changed.After(newest) {
			newest = r.changed
		}
	}
	return newest
}

func zipOf(records []*record) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, r := range records {
		w, err := z.CreateHeader(&zip.FileHeader{Name: r.id + ".json", Method: zip.Deflate, Modified: r.changed})
		if err == nil {
			_, err = w.Write(r.body)
		}
		if err != nil { // a buffer takes everything
			return nil
		}
	}
	if err := z.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}

// modifiedList is the list of records with the newest first, each with the
// folder it lies in.
func modifiedList(folders map[string][]*record) []byte {
	type line struct {
		path string
		*record
	}
	var lines []line
	for name, records := range folders {
		for _, r := range records {
			lines = append(lines, line{path.Join(name, r.id), r})
		}
	}
	slices.SortFunc(lines, func(a, b line) int {
		if c := b.changed.Compare(a.changed); c != 0 {
			return c
		}
		return strings.Compare(a.path, b.path)
	})
	var b []byte
	for _, l := range lines {
		b = l.changed.UTC().AppendFormat(b, time.RFC3339Nano)
		b = append(append(append(b, ','), l.path...), '\n')
	}
	return b
}

// loadFiles reads the single files beside the ecosystems.
func (d *Data) loadFiles(dir fs.FS, log *slog.Logger) error {
	catalogue, err := readOptional(dir, log, "kev.json")
	if err != nil {
		return err
	}
	if catalogue == nil {
		catalogue = []byte(`{"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"","dateReleased":"1970-01-01T00:00:00Z","count":0,"vulnerabilities":[]}`)
	}
	if err := d.addCatalogue(catalogue); err != nil {
		return fmt.Errorf("standin: read kev.json: %w", err)
	}

	table, err := readOptional(dir, log, "epss_scores.csv", "epss.csv", "epss_scores.csv.gz", "epss.csv.gz")
	if err != nil {
		return err
	}
	if d.scores, err = parseScores(table); err != nil {
		return fmt.Errorf("standin: read EPSS scores: %w", err)
	}
	day, err := time.Parse(time.DateOnly, d.scores.date)
	if err != nil {
		day = time.Unix(0, 0)
	}
	plain := newFile("text/csv", day, func() []byte { return table })
	zipped := newFile("application/gzip", day, func() []byte { return gzipOf(table) })
	d.files["epss_scores.csv"], d.files["epss.csv"] = plain, plain
	d.files["epss_scores.csv.gz"], d.files["epss.csv.gz"] = zipped, zipped

	overrides, err := fs.ReadFile(dir, "depsdev.json")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("standin: read depsdev.json: %w", err)
	}
	if d.registry, err = parseRegistry(overrides); err != nil {
		return fmt.Errorf("standin: read depsdev.json: %w", err)
	}
	return nil
}

// readOptional returns the first of the named files that exists, unpacked, or
// nil after telling log that there is none.
func readOptional(dir fs.FS, log *slog.Logger, names ...string) ([]byte, error) {
	for _, name := range names {
		raw, err := fs.ReadFile(dir, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && strings.HasSuffix(name, ".gz") {
			var z *gzip.Reader
			if z, err = gzip.NewReader(bytes.NewReader(raw)); err == nil {
				raw, err = io.ReadAll(z)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("standin: read %s: %w", name, err)
		}
		return raw, nil
	}
	log.Warn("file missing, served as empty", "want", strings.Join(names, " or "))
	return nil, nil
}

// addCatalogue keeps the catalogue as it is but for slashes, which CISA's writer
// escapes.
func (d *Data) addCatalogue(raw []byte) error {
	var head struct {
		Released time.Time `json:"dateReleased"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return err
	}
	escaped := bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte(`\/`), []byte(`/`)), []byte(`/`), []byte(`\/`))
	d.files["kev.json"] = newFile(typeJSON, head.Released, func() []byte { return escaped })
	return nil
}

func gzipOf(raw []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(raw); err != nil { // a buffer takes everything
		return nil
	}
	if err := z.Close(); err != nil {
		return nil
	}
	return b.Bytes()
}
