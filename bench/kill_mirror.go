package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// watchedProject is the project whose findings are known beforehand.
	watchedProject = "watched"
	// watchedEach is how many components of each ecosystem it has.
	watchedEach = 100
	// recordsEach is how many records the mirror has of each ecosystem.
	recordsEach = 2000
	// turnEvery is how often an ecosystem is written anew.
	turnEvery = 3 * time.Second
)

// purlTypes are the ecosystems of the moving mirror.
var purlTypes = map[string]string{"npm": "npm", "PyPI": "pypi", "crates.io": "cargo"}

// movingMirror is a mirror that changes: each ecosystem goes from one generation
// to the next, in which every record names another version as fixed, and other
// records are missing.
type movingMirror struct {
	dir   string
	turns int

	mu          sync.Mutex
	generations map[string]int // as they are written
}

func newMovingMirror(dir string) (*movingMirror, error) {
	m := &movingMirror{dir: dir, generations: map[string]int{}}
	for ecosystem := range purlTypes {
		if err := m.turn(ecosystem); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// keepTurning writes one ecosystem after the other anew until ctx ends.
func (m *movingMirror) keepTurning(ctx context.Context) error {
	ecosystems := slices.Sorted(maps.Keys(purlTypes))
	for pause(ctx, turnEvery); ctx.Err() == nil; pause(ctx, turnEvery) {
		if err := m.turn(ecosystems[m.turns%len(ecosystems)]); err != nil {
			return err
		}
		m.turns++
	}
	return nil
}

// turn writes the next generation of an ecosystem, which is there at once.
func (m *movingMirror) turn(ecosystem string) (err error) {
	m.mu.Lock()
	generation := m.generations[ecosystem] + 1
	m.mu.Unlock()
	folder := filepath.Join(m.dir, ecosystem)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	next := filepath.Join(folder, "next")
	f, err := os.Create(next)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z := zip.NewWriter(f)
	for i := range recordsEach {
		if !present(i, generation) {
			continue
		}
		w, err := z.Create(fmt.Sprintf("KILL-%s-%d.json", ecosystem, i))
		if err != nil {
			return err
		}
		if err := json.NewEncoder(w).Encode(movingRecord(ecosystem, i, generation)); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	// Whoever reads it from now on finds a generation that is noted.
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generations[ecosystem] = generation
	return os.Rename(next, filepath.Join(folder, "all.zip"))
}

// present says whether a generation has a record.
func present(i, generation int) bool { return (i/(recordsEach/watchedEach)+generation)%10 != 0 }

func movingRecord(ecosystem string, i, generation int) any {
	type object = map[string]any
	kind := "SEMVER"
	if ecosystem == "PyPI" {
		kind = "ECOSYSTEM"
	}
	return object{
		"id":       fmt.Sprintf("KILL-%s-%d", ecosystem, i),
		"modified": time.Date(2026, 1, 1, 0, 0, generation, 0, time.UTC).Format(time.RFC3339),
		"affected": []object{{
			"package": object{"ecosystem": ecosystem, "name": movingName(i)},
			"ranges":  []object{{"type": kind, "events": []object{{"introduced": "0"}, {"fixed": fixedBy(generation)}}}},
		}},
	}
}

func movingName(i int) string { return "advised-" + strconv.Itoa(i) }

func fixedBy(generation int) string { return strconv.Itoa(generation) + ".0.0" }

// watchedDocument has the components whose findings are known.
func watchedDocument() (document []byte, components int) {
	var all []component
	for ecosystem := range purlTypes {
		for n := range watchedEach {
			name := movingName(n * recordsEach / watchedEach)
			all = append(all, component{"library", name, "0.1.0", "pkg:" + purlTypes[ecosystem] + "/" + name + "@0.1.0"})
		}
	}
	return documentOf(all), len(all)
}

// findingsPage is a page of what affects the watched project: by package URL, the
// versions that end the findings.
type findingsPage struct {
	of   map[string][]string
	next string // the cursor of the next page; empty where there is none
}

// unknown stands for findings that a server says nothing about.
var unknown = []string{"not known"}

func (s *server) watchedPage(ctx context.Context, after string) (findingsPage, error) {
	variables := map[string]any{"project": watchedProject}
	if after != "" {
		variables["after"] = after
	}
	var data struct {
		Release struct {
			Components struct {
				PageInfo struct {
					HasNextPage bool
					EndCursor   string
				}
				Nodes []struct {
					PURL     string
					Findings []struct{ FixedIn string }
				}
			}
		}
	}
	err := s.query(ctx, operation{`query($project: String!, $after: String) { release(project: $project, version: "1") {
		components(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { purl findings { fixedIn } } } } }`, variables}, &data)
	if err != nil {
		return findingsPage{}, err
	}
	page := findingsPage{of: map[string][]string{}}
	for _, c := range data.Release.Components.Nodes {
		versions := []string{}
		for _, f := range c.Findings {
			versions = append(versions, f.FixedIn)
		}
		if c.Findings == nil {
			versions = unknown
		}
		page.of[c.PURL] = versions
	}
	if info := data.Release.Components.PageInfo; info.HasNextPage {
		page.next = info.EndCursor
	}
	return page, nil
}

// watchedFindings asks for all that affects the watched project.
func (s *server) watchedFindings(ctx context.Context) (map[string][]string, error) {
	all := map[string][]string{}
	for after := ""; ; {
		page, err := s.watchedPage(ctx, after)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, page.of)
		if after = page.next; after == "" {
			return all, nil
		}
	}
}

// differs says where findings are not those of the mirror as it was last written;
// nothing where they are.
func (m *movingMirror) differs(found map[string][]string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for ecosystem, generation := range m.generations {
		var wrong []string
		for n := range watchedEach {
			i := n * recordsEach / watchedEach
			purl := "pkg:" + purlTypes[ecosystem] + "/" + movingName(i) + "@0.1.0"
			want := []string{}
			if present(i, generation) {
				want = append(want, fixedBy(generation))
			}
			if got, known := found[purl]; !known || !slices.Equal(got, want) {
				wrong = append(wrong, fmt.Sprintf("%s is fixed in %v, want %v", purl, got, want))
			}
		}
		if len(wrong) > 0 {
			return fmt.Sprintf("%s, generation %d: %d of %d components, such as %s", ecosystem, generation, len(wrong), watchedEach, wrong[0])
		}
	}
	return ""
}

// mixed says where findings of one answer are of several generations of an
// ecosystem; nothing where they are of one.
func mixed(found map[string][]string) string {
	of := map[string]map[string]bool{}
	for purl, versions := range found {
		kind, _, _ := strings.Cut(purl, "/")
		if of[kind] == nil {
			of[kind] = map[string]bool{}
		}
		for _, v := range versions {
			of[kind][v] = true
		}
	}
	for kind, versions := range of {
		if len(versions) > 1 {
			return fmt.Sprintf("%s: fixed in each of %v", kind, slices.Sorted(maps.Keys(versions)))
		}
	}
	return ""
}
