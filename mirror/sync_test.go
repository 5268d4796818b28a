package mirror_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/advisory"
	"loadline/mirror"
	"loadline/store"
	"loadline/store/storetest"
)

// sample is a record of a test's mirror.
type sample struct {
	id, name, fixed string
	modified        time.Time
	aliases         []string
	withdrawn       bool
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func (r sample) json(ecosystem string) []byte {
	fixed := r.fixed
	if fixed == "" {
		fixed = "2.0.0"
	}
	name := r.name
	if name == "" {
		name = "left-pad"
	}
	if r.modified.IsZero() {
		r.modified = noon
	}
	record := map[string]any{
		"id": r.id, "modified": r.modified.Format(time.RFC3339Nano), "aliases": r.aliases, "summary": "About " + r.id,
		"affected": []any{map[string]any{
			"package": map[string]string{"ecosystem": ecosystem, "name": name},
			"ranges":  []any{map[string]any{"type": "SEMVER", "events": []any{map[string]string{"introduced": "0"}, map[string]string{"fixed": fixed}}}},
		}},
	}
	if r.withdrawn {
		record["withdrawn"] = "2026-03-01T00:00:00Z"
	}
	b, err := json.Marshal(record)
	if err != nil {
		panic(err)
	}
	return b
}

// write writes an ecosystem's archive into a mirror's directory.
func write(tb testing.TB, dir, ecosystem string, records ...sample) {
	tb.Helper()
	files := map[string][]byte{}
	for _, r := range records {
		files[r.id+".json"] = r.json(ecosystem)
	}
	writeFiles(tb, dir, ecosystem, files)
}

func writeFiles(tb testing.TB, dir, ecosystem string, files map[string][]byte) {
	tb.Helper()
	put(tb, filepath.Join(dir, ecosystem, "all.zip"), zipped(tb, files))
}

func zipped(tb testing.TB, files map[string][]byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// put writes a file of a mirror, with a time that no other file had.
func put(tb testing.TB, name string, content []byte) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o600); err != nil {
		tb.Fatal(err)
	}
}

func sync(tb testing.TB, s *store.Store, location string, ecosystems ...string) mirror.Result {
	tb.Helper()
	m, err := mirror.Open(location, mirror.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	if len(ecosystems) == 0 {
		ecosystems = []string{mirror.All}
	}
	result, err := m.Sync(tb.Context(), s, mirror.Request{Ecosystems: ecosystems})
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

// held is what the store answers about left-pad and its kin: the fixed version by
// record.
func held(ctx context.Context, s interface {
	Candidates(context.Context, []store.AdvisoryPackage) ([]store.Candidate, error)
}, names ...string) (map[string]string, error) {
	if len(names) == 0 {
		names = []string{"left-pad"}
	}
	var packages []store.AdvisoryPackage
	for _, name := range names {
		packages = append(packages, store.AdvisoryPackage{Ecosystem: "npm", Name: name})
	}
	candidates, err := s.Candidates(ctx, packages)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, c := range candidates {
		found[c.ID] = c.Affected[0].Ranges[0].Events[1].Fixed
	}
	return found, nil
}

func wantHeld(t *testing.T, s *store.Store, want map[string]string) {
	t.Helper()
	got, err := held(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
}

func counts(r mirror.Result) [4]int {
	d := r.Dumps[0]
	return [4]int{d.Added, d.Changed, d.Removed, d.Skipped}
}

func TestSyncFollowsTheArchive(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	write(t, dir, "npm", sample{id: "A-1"}, sample{id: "A-2"}, sample{id: "A-3", withdrawn: true})
	if got := counts(sync(t, s, dir)); got != [4]int{3, 0, 0, 0} {
		t.Errorf("first sync: added, changed, removed, skipped = %v", got)
	}
	wantHeld(t, s, map[string]string{"A-1": "2.0.0", "A-2": "2.0.0"})

	if r := sync(t, s, dir); !r.Dumps[0].Unchanged {
		t.Errorf("second sync: %+v, want it unchanged", r.Dumps[0])
	}
	write(t, dir, "npm", sample{id: "A-2", fixed: "2.1.0"}, sample{id: "A-3"}, sample{id: "A-4"})
	if got := counts(sync(t, s, dir)); got != [4]int{1, 2, 1, 0} {
		t.Errorf("third sync: added, changed, removed, skipped = %v", got)
	}
	wantHeld(t, s, map[string]string{"A-2": "2.1.0", "A-3": "2.0.0", "A-4": "2.0.0"})

	dumps, err := s.Dumps(t.Context())
	if err != nil || len(dumps) != 1 || dumps[0].Records != 3 || dumps[0].Generation != 2 || len(dumps[0].Digest) != 64 {
		t.Errorf("dumps: %+v, %v", dumps, err)
	}
}

func TestSyncKeepsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	write(t, dir, "npm", sample{id: "A-1"}, sample{id: "A-2"})
	write(t, dir, "Go", sample{id: "G-1"})
	sync(t, s, dir)

	writeFiles(t, dir, "npm", map[string][]byte{
		"A-1.json": []byte(`{"id": "A-1", "affected": 7}`),
		"A-2.json": sample{id: "A-2", fixed: "3.0.0"}.json("npm"),
		"A-3.json": sample{id: "A-9"}.json("npm"),
		"A-4.json": []byte("not JSON"),
	})
	r := sync(t, s, dir, "npm")
	if got := counts(r); got != [4]int{0, 1, 0, 3} || len(r.Dumps[0].Problems) != 3 || r.Failed() != nil {
		t.Errorf("broken records: added, changed, removed, skipped = %v, problems %v, %v", got, r.Dumps[0].Problems, r.Failed())
	}
	wantHeld(t, s, map[string]string{"A-1": "2.0.0", "A-2": "3.0.0"})

	whole, err := os.ReadFile(filepath.Join(dir, "npm", "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "npm", "all.zip"), whole[:len(whole)/2])
	write(t, dir, "Go", sample{id: "G-1"}, sample{id: "G-2"})
	r = sync(t, s, dir)
	if r.Dumps[0].Added != 1 || r.Dumps[1].Err == nil || r.Failed() == nil {
		t.Errorf("broken archive: %+v", r.Dumps)
	}
	wantHeld(t, s, map[string]string{"A-1": "2.0.0", "A-2": "3.0.0"})
}

func TestSyncFindsABrokenMember(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, id := range []string{"A-1", "A-2"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: id + ".json", Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(sample{id: id}.json("npm")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	content := bytes.Replace(b.Bytes(), []byte("About A-2"), []byte("About X-2"), 1)
	put(t, filepath.Join(dir, "npm", "all.zip"), content)
	r := sync(t, s, dir)
	if r.Dumps[0].Skipped != 1 || r.Dumps[0].Problems[0].Record != "A-2" {
		t.Errorf("result: %+v", r.Dumps[0])
	}
	wantHeld(t, s, map[string]string{"A-1": "2.0.0"})
}

func TestSyncBringsWhatTheListSays(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	var asked []string
	files := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := &statusWriter{ResponseWriter: w}
		files.ServeHTTP(answer, r)
		asked = append(asked, fmt.Sprintf("%s %d", r.URL.Path, answer.status))
	}))
	defer server.Close()
	old := time.Now().Add(-time.Hour)
	list := func(when time.Time, lines ...string) {
		name := filepath.Join(dir, "npm", "modified_id.csv")
		put(t, name, []byte(strings.Join(lines, "\n")+"\n"))
		if err := os.Chtimes(name, when, when); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "npm", sample{id: "A-1"}, sample{id: "A-2", modified: noon.Add(time.Minute)})
	list(old, "2026-03-01T12:01:00Z,A-2", "2026-03-01T12:00:00Z,A-1")
	sync(t, s, server.URL, "npm")
	sync(t, s, server.URL, "npm")
	asked = nil
	if r := sync(t, s, server.URL, "npm"); !r.Dumps[0].Unchanged {
		t.Errorf("nothing new: %+v", r.Dumps[0])
	}
	if diff := cmp.Diff([]string{"/npm/modified_id.csv 304"}, asked[:1]); diff != "" {
		t.Errorf("asked when nothing is new (-want +got):\n%s", diff)
	}

	asked = nil
	put(t, filepath.Join(dir, "npm", "A-1.json"), sample{id: "A-1", fixed: "9.0.0", modified: noon.Add(time.Hour)}.json("npm"))
	put(t, filepath.Join(dir, "npm", "A-3.json"), sample{id: "A-3", modified: noon.Add(time.Hour)}.json("npm"))
	list(old.Add(time.Minute), "2026-03-01T13:00:00Z,A-3", "2026-03-01T13:00:00Z,A-1", "2026-03-01T12:01:00Z,A-2")
	if got := counts(sync(t, s, server.URL, "npm")); got != [4]int{1, 1, 0, 0} {
		t.Errorf("two are new: added, changed, removed, skipped = %v", got)
	}
	slices.Sort(asked[1:3])
	if diff := cmp.Diff([]string{"/npm/modified_id.csv 200", "/npm/A-1.json 200", "/npm/A-3.json 200"}, asked[:3]); diff != "" {
		t.Errorf("asked when two are new (-want +got):\n%s", diff)
	}
	wantHeld(t, s, map[string]string{"A-1": "9.0.0", "A-2": "2.0.0", "A-3": "2.0.0"})

	// An archive that is behind takes nothing back.
	list(old.Add(2*time.Minute), "2026-03-01T14:00:00Z,A-4", "2026-03-01T13:00:00Z,A-3", "2026-03-01T13:00:00Z,A-1", "2026-03-01T12:01:00Z,A-2")
	write(t, dir, "npm", sample{id: "A-1"}, sample{id: "A-2", modified: noon.Add(time.Minute), fixed: "2.2.0"})
	if err := os.Chtimes(filepath.Join(dir, "npm", "all.zip"), old.Add(2*time.Hour), old.Add(2*time.Hour)); err != nil {
		t.Fatal(err) // HTTP tells times apart by seconds
	}
	sync(t, s, server.URL, "npm")
	wantHeld(t, s, map[string]string{"A-1": "9.0.0", "A-2": "2.2.0", "A-3": "2.0.0"})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func TestSyncRefusesWhatDidNotArriveWhole(t *testing.T) {
	t.Parallel()
	archive := zipped(t, map[string][]byte{"A-1.json": sample{id: "A-1"}.json("npm")})
	for name, serve := range map[string]func(http.ResponseWriter){
		"cut short": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", fmt.Sprint(len(archive)+10))
			w.Write(archive)
		},
		"other checksum": func(w http.ResponseWriter) {
			w.Header().Set("X-Goog-Hash", "crc32c=AAAAAA==")
			w.Write(archive)
		},
		"a page instead": func(w http.ResponseWriter) { w.Write([]byte("<html>sign in</html>")) },
		"refused":        func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "all.zip") {
					http.NotFound(w, r)
					return
				}
				serve(w)
			}))
			defer server.Close()
			s := storetest.Open(t)
			if r := sync(t, s, server.URL, "npm"); r.Dumps[0].Err == nil {
				t.Errorf("no error: %+v", r.Dumps[0])
			}
			if dumps, err := s.Dumps(t.Context()); err != nil || dumps[0].Generation != 0 {
				t.Errorf("dumps: %+v, %v", dumps, err)
			}
		})
	}
}

// TestViewSeesOneState reads while the mirror swings between two states that
// have nothing in common.
func TestViewSeesOneState(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	var dirs [2]string
	var states [2]map[string]string
	for i, fixed := range []string{"1.0.0", "2.0.0"} {
		dirs[i], states[i] = t.TempDir(), map[string]string{}
		var records []sample
		for n := range 1200 {
			r := sample{id: fmt.Sprintf("S%d-%d", i*n%2, n), fixed: fixed}
			records, states[i][r.id] = append(records, r), fixed
		}
		write(t, dirs[i], "npm", records...)
	}
	sync(t, s, dirs[0])
	done := make(chan error, 1)
	go func() {
		for i := range 6 {
			m, err := mirror.Open(dirs[(i+1)%2], mirror.Options{})
			if err == nil {
				_, err = m.Sync(t.Context(), s, mirror.Request{Ecosystems: []string{"npm"}})
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	reads := 0
	for {
		select {
		case err := <-done:
			if err != nil || reads == 0 {
				t.Errorf("%d reads, %v", reads, err)
			}
			return
		default:
		}
		got, err := held(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(got, states[0]) && !cmp.Equal(got, states[1]) {
			t.Fatalf("read %d: %d records, neither one state nor the other", reads, len(got))
		}
		reads++
	}
}

func TestNewerSyncTakesOver(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	var records []sample
	for n := range 1100 {
		records = append(records, sample{id: fmt.Sprintf("A-%d", n)})
	}
	write(t, dir, "npm", records...)
	m, err := mirror.Open(dir, mirror.Options{})
	if err != nil {
		t.Fatal(err)
	}
	began := false
	_, err = m.Sync(t.Context(), s, mirror.Request{Ecosystems: []string{"npm"}, Progress: func(p mirror.Progress) {
		if p.Done > 0 && !began {
			began = true
			sync(t, s, dir, "npm")
		}
	}})
	if !errors.Is(err, store.ErrSyncTaken) {
		t.Errorf("the older sync: %v, want ErrSyncTaken", err)
	}
	if got, err := held(t.Context(), s); err != nil || len(got) != len(records) {
		t.Errorf("%d of %d records, %v", len(got), len(records), err)
	}
}

func TestLinksFollowAliases(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	write(t, dir, "npm",
		sample{id: "A-1", aliases: []string{"CVE-1"}}, sample{id: "A-2", aliases: []string{"CVE-1", "CVE-2"}},
		sample{id: "A-3", aliases: []string{"CVE-2"}}, sample{id: "A-4", aliases: []string{"CVE-4"}})
	sync(t, s, dir)
	want := []string{"A-1", "A-2", "A-3", "CVE-1", "CVE-2"}
	links := func() []string {
		got, err := s.MirroredLinks(t.Context(), []string{"A-1"})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		return got
	}
	if diff := cmp.Diff(want, links()); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	// The record that joined them goes, and the group falls apart.
	write(t, dir, "npm", sample{id: "A-1", aliases: []string{"CVE-1"}}, sample{id: "A-3", aliases: []string{"CVE-2"}})
	sync(t, s, dir)
	if diff := cmp.Diff([]string{"A-1", "CVE-1"}, links()); diff != "" {
		t.Errorf("links after the split (-want +got):\n%s", diff)
	}
}

func TestDocumentsAreAsTheyCame(t *testing.T) {
	t.Parallel()
	dir, s := t.TempDir(), storetest.Open(t)
	write(t, dir, "npm", sample{id: "A-1", aliases: []string{"CVE-1"}})
	sync(t, s, dir)
	rows, err := s.MirroredAdvisories(t.Context(), []string{"A-1", "A-2"})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	a, err := advisory.Decode(rows[0].Document)
	if err != nil || a.Summary != "About A-1" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x")
	put(t, file, nil)
	for name, test := range map[string]struct {
		location string
		offline  bool
		want     string
	}{
		"no directory":            {location: filepath.Join(t.TempDir(), "none"), want: "there is no such directory"},
		"a file":                  {location: file, want: "is a file"},
		"another scheme":          {location: "ftp://example.org/x", want: "http:// or https://"},
		"another machine offline": {location: "https://example.org/x", offline: true, want: "on another machine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mirror.Open(test.location, mirror.Options{Offline: test.offline})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := mirror.Open("http://127.0.0.1:1/x", mirror.Options{Offline: true}); err != nil {
		t.Errorf("this machine offline: %v", err)
	}
}
