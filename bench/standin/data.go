package standin

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"loadline/advisory"
	"loadline/match"
)

// Data is what a Server serves. It is read once, does not change, and may be
// shared by several servers.
type Data struct {
	records    map[string]*record
	aliases    map[string][]string     // id that has no record to the ids of the records that name it, sorted
	packages   map[match.Key][]*record // records that stand, by id
	ecosystems map[string][]*record    // what each folder of the mirror holds, by id
	bases      []string                // the ecosystems without suffix that packages has, sorted
	files      map[string]*file        // by path below /bulk/
	scores     scores
	registry   registry
}

// record is an OSV record in the forms in which it is served and matched.
type record struct {
	id       string
	modified string // as the record writes it
	changed  time.Time
	body     []byte // of GET /v1/vulns/{id}
	ref      []byte // {"id","modified"}, its place in a batch
	advisory advisory.Advisory
}

// Records returns how many OSV records there are, withdrawn ones too.
func (d *Data) Records() int { return len(d.records) }

// Load reads a directory that is laid out like a mirror:
//
//	<Ecosystem>/all.zip or <Ecosystem>/<ID>.json    OSV records
//	kev.json                                        the KEV catalogue
//	epss_scores.csv or epss.csv, also with .gz      the EPSS scores of a day
//	depsdev.json                                    see Registry in README.md
//
// What is missing is served as empty; that, and every record that cannot be
// read, is told to log (which may be nil). The error says that the directory
// itself, or one of the single files, cannot be read.
func Load(dir fs.FS, log *slog.Logger) (*Data, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("standin: read data directory: %w", err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	dumps := make([][]*record, len(folders))
	archives := make([][]byte, len(folders))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range folders {
		group.Go(func() (err error) {
			dumps[i], archives[i], err = loadFolder(dir, name, log)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	d := &Data{
		records:    map[string]*record{},
		ecosystems: map[string][]*record{},
		files:      map[string]*file{},
	}
	for i, name := range folders {
		if len(dumps[i]) == 0 && archives[i] == nil {
			continue
		}
		// A record that concerns two ecosystems lies in both folders.
		for j, r := range dumps[i] {
			if known, ok := d.records[r.id]; ok {
				dumps[i][j] = known
				continue
			}
			d.records[r.id] = r
		}
		d.ecosystems[name] = dumps[i]
		d.addDump(name, archives[i])
	}
	d.index()
	if len(d.records) == 0 {
		log.Warn("no OSV records found", "want", "<Ecosystem>/all.zip or <Ecosystem>/<ID>.json")
	}
	if err := d.loadFiles(dir, log); err != nil {
		return nil, err
	}
	d.addBulk()
	return d, nil
}

// loadFolder reads the records of one ecosystem, ordered by id, and its archive
// where it has one.
func loadFolder(dir fs.FS, name string, log *slog.Logger) ([]*record, []byte, error) {
	var records []*record
	add := func(member string, raw []byte) {
		r, err := newRecord(raw)
		if err != nil {
			log.Warn("record skipped", "file", path.Join(name, member), "error", err)
			return
		}
		records = append(records, r)
	}
	archive, err := fs.ReadFile(dir, path.Join(name, "all.zip"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		members, err := fs.Glob(dir, path.Join(escapeGlob(name), "*.json"))
		if err != nil {
			return nil, nil, fmt.Errorf("standin: list %s: %w", name, err)
		}
		for _, member := range members {
			raw, err := fs.ReadFile(dir, member)
			if err != nil {
				return nil, nil, fmt.Errorf("standin: read %s: %w", member, err)
			}
			add(path.Base(member), raw)
		}
	case err != nil:
		return nil, nil, fmt.Errorf("standin: read %s/all.zip: %w", name, err)
	default:
		if err := eachMember(archive, add); err != nil {
			return nil, nil, fmt.Errorf("standin: read %s/all.zip: %w", name, err)
		}
	}
	slices.SortFunc(records, byID)
	return records, archive, nil
}

func escapeGlob(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

func eachMember(archive []byte, use func(name string, raw []byte)) error {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".json") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		raw, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		use(f.Name, raw)
	}
	return nil
}

func byID(a, b *record) int { return strings.Compare(a.id, b.id) }

func newRecord(raw []byte) (*record, error) {
	a, err := advisory.Decode(raw)
	if err != nil {
		return nil, err
	}
	var text struct {
		Modified string `json:"modified"`
	}
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, err
	}
	r := &record{id: a.ID, modified: text.Modified, changed: a.Modified}
	var compact bytes.Buffer
	compact.Grow(len(raw))
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	r.body = withoutEmptyVersions(compact.Bytes())
	r.ref = appendString([]byte(`{"id":`), r.id)
	r.ref = append(r.ref, `,"modified":`...)
	r.ref = append(appendString(r.ref, r.modified), '}')

	// Matching needs none of the prose, which is most of a record.
	a.Summary, a.Details, a.References, a.Related = "", "", nil, nil
	r.advisory = a
	return r, nil
}

// withoutEmptyVersions drops what the dumps write and the API leaves out. The
// quotes of such text inside a string would be escaped, so it is never hit.
func withoutEmptyVersions(body []byte) []byte {
	const empty = `"versions":[]`
	if !bytes.Contains(body, []byte(empty)) {
		return body
	}
	body = bytes.ReplaceAll(body, []byte(","+empty), nil)
	return bytes.ReplaceAll(body, []byte(empty+","), nil)
}
