package store_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"loadline/store"
	"loadline/store/storetest"
)

// scan is a step that reads a whole table. The lists that statements are given
// are tables too, as are results of subqueries; those are short.
var scan = regexp.MustCompile(`(?m)^SCAN (notification_\w+|component|dependency|bom|bom_warning|release|project|package|package_version|advisory|advisory_member|alias|k|m|answer|answer_advisory|r|a|d|job|export|schedule|epss|kev|latest_version|triage|triage_member|trend|mirror_\w+|end_of_life\w*|e|o|p|s)\b.*$`)

var listed = regexp.MustCompile(`(?m)^SCAN \w+ VIRTUAL TABLE.*$`)

// seqScan is such a step of PostgreSQL, which takes an index for tables as small
// as these only when it is told to.
var seqScan = regexp.MustCompile(`(?m)^[ >-]*Seq Scan on .*$`)

func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		readsNoWholeTable(t, onSQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		u, err := url.Parse(storetest.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		query.Set("enable_seqscan", "off")
		u.RawQuery = query.Encode()
		readsNoWholeTable(t, storetest.OpenDSN(t, u.String(), time.Now))
	})
}

func readsNoWholeTable(t *testing.T, s *store.Store) {
	bom := storetest.Ingest(t, s, "product", "1", storetest.Document(20))
	first := store.Page{First: 10}
	direct := true
	filter := store.ComponentFilter{NameContains: "a", Direct: &direct, PURLType: "npm"}
	ids, keys := []int64{bom.ID, 2}, []store.ComponentKey{{BomID: bom.ID, Seq: 1}}

	second, err := s.ComponentsOfBoms(t.Context(), ids, store.ComponentFilter{}, store.Page{First: 2})
	if err != nil {
		t.Fatal(err)
	}
	behind := store.Page{Last: 3, After: second[bom.ID].Cursors[1]}

	for name, read := range map[string]func(context.Context, *store.Store) error{
		"ProjectsByIDs":   func(ctx context.Context, s *store.Store) error { return fails(s.ProjectsByIDs(ctx, ids)) },
		"ProjectsByNames": func(ctx context.Context, s *store.Store) error { return fails(s.ProjectsByNames(ctx, []string{"a"})) },
		"ProjectTags":     func(ctx context.Context, s *store.Store) error { return fails(s.ProjectTags(ctx, ids)) },
		"ReleasesByIDs":   func(ctx context.Context, s *store.Store) error { return fails(s.ReleasesByIDs(ctx, ids)) },
		"ReleasesByVersions": func(ctx context.Context, s *store.Store) error {
			return fails(s.ReleasesByVersions(ctx, []store.ReleaseKey{{ProjectID: 1, Version: "1"}}))
		},
		"ReleasesOfProjects": func(ctx context.Context, s *store.Store) error { return fails(s.ReleasesOfProjects(ctx, ids, first)) },
		"CountReleases":      func(ctx context.Context, s *store.Store) error { return fails(s.CountReleases(ctx, ids)) },
		"ReleaseTags":        func(ctx context.Context, s *store.Store) error { return fails(s.ReleaseTags(ctx, ids)) },
		"BomsByIDs":          func(ctx context.Context, s *store.Store) error { return fails(s.BomsByIDs(ctx, ids)) },
		"BomsOfReleases":     func(ctx context.Context, s *store.Store) error { return fails(s.BomsOfReleases(ctx, ids, first)) },
		"CountBoms":          func(ctx context.Context, s *store.Store) error { return fails(s.CountBoms(ctx, ids)) },
		"BomDocument":        func(ctx context.Context, s *store.Store) error { return fails(s.BomDocument(ctx, bom.ID)) },
		"WarningsOfBoms":     func(ctx context.Context, s *store.Store) error { return fails(s.WarningsOfBoms(ctx, ids, first)) },
		"CountWarnings":      func(ctx context.Context, s *store.Store) error { return fails(s.CountWarnings(ctx, ids)) },
		"ComponentsByKeys":   func(ctx context.Context, s *store.Store) error { return fails(s.ComponentsByKeys(ctx, keys)) },
		"ComponentsOfBoms": func(ctx context.Context, s *store.Store) error {
			return fails(s.ComponentsOfBoms(ctx, ids, store.ComponentFilter{}, first))
		},
		"filtered components": func(ctx context.Context, s *store.Store) error {
			return fails(s.ComponentsOfBoms(ctx, ids, filter, behind))
		},
		"CountComponents": func(ctx context.Context, s *store.Store) error {
			return fails(s.CountComponents(ctx, ids, store.ComponentFilter{}))
		},
		"filtered count":      func(ctx context.Context, s *store.Store) error { return fails(s.CountComponents(ctx, ids, filter)) },
		"DependenciesOf":      func(ctx context.Context, s *store.Store) error { return fails(s.DependenciesOf(ctx, keys, first)) },
		"DependentsOf":        func(ctx context.Context, s *store.Store) error { return fails(s.DependentsOf(ctx, keys, behind)) },
		"CountDependenciesOf": func(ctx context.Context, s *store.Store) error { return fails(s.CountDependenciesOf(ctx, keys)) },
		"CountDependentsOf":   func(ctx context.Context, s *store.Store) error { return fails(s.CountDependentsOf(ctx, keys)) },
		"ComponentsUsingPackages": func(ctx context.Context, s *store.Store) error {
			return fails(s.ComponentsUsingPackages(ctx, ids, first))
		},
		"CountComponentsUsingPackages": func(ctx context.Context, s *store.Store) error {
			return fails(s.CountComponentsUsingPackages(ctx, ids))
		},
		"ComponentsUsingVersions": func(ctx context.Context, s *store.Store) error {
			return fails(s.ComponentsUsingVersions(ctx, map[string][]int64{"all": ids}, first))
		},
		"CountComponentsUsingVersions": func(ctx context.Context, s *store.Store) error {
			return fails(s.CountComponentsUsingVersions(ctx, map[string][]int64{"all": ids}))
		},
		"ReleasesUsingPackages": func(ctx context.Context, s *store.Store) error {
			return fails(s.ReleasesUsingPackages(ctx, ids, first))
		},
		"CountReleasesUsingPackages": func(ctx context.Context, s *store.Store) error { return fails(s.CountReleasesUsingPackages(ctx, ids)) },
		"ReleasesUsingVersions": func(ctx context.Context, s *store.Store) error {
			return fails(s.ReleasesUsingVersions(ctx, map[string][]int64{"all": ids}, first))
		},
		"CountReleasesUsingVersions": func(ctx context.Context, s *store.Store) error {
			return fails(s.CountReleasesUsingVersions(ctx, map[string][]int64{"all": ids}))
		},
		"EdgesInBoms":    func(ctx context.Context, s *store.Store) error { return fails(s.EdgesInBoms(ctx, ids)) },
		"LatestReleases": func(ctx context.Context, s *store.Store) error { return fails(s.LatestReleases(ctx, ids)) },
		"Trend":          func(ctx context.Context, s *store.Store) error { return fails(s.Trend(ctx, "2026-01-01")) },
		"TrendOfProjects": func(ctx context.Context, s *store.Store) error {
			return fails(s.TrendOfProjects(ctx, ids, "2026-01-01"))
		},
		"TrendOfReleases": func(ctx context.Context, s *store.Store) error {
			return fails(s.TrendOfReleases(ctx, ids, "2026-01-01"))
		},
		"TriageOfBoms": func(ctx context.Context, s *store.Store) error { return fails(s.TriageOfBoms(ctx, ids)) },
		"TriageHistory": func(ctx context.Context, s *store.Store) error {
			return fails(s.TriageHistory(ctx, ids, []string{"a"}))
		},
		"UsesInBoms":           func(ctx context.Context, s *store.Store) error { return fails(s.UsesInBoms(ctx, ids)) },
		"UsesOfVersions":       func(ctx context.Context, s *store.Store) error { return fails(s.UsesOfVersions(ctx, ids)) },
		"PackagesByIDs":        func(ctx context.Context, s *store.Store) error { return fails(s.PackagesByIDs(ctx, ids)) },
		"PackagesByPURLs":      func(ctx context.Context, s *store.Store) error { return fails(s.PackagesByPURLs(ctx, []string{"a"})) },
		"PackageVersionsByIDs": func(ctx context.Context, s *store.Store) error { return fails(s.PackageVersionsByIDs(ctx, ids)) },
		"VersionsOfPackages":   func(ctx context.Context, s *store.Store) error { return fails(s.VersionsOfPackages(ctx, ids, first)) },
		"CountVersions":        func(ctx context.Context, s *store.Store) error { return fails(s.CountVersions(ctx, ids)) },
		"PackageVersionsNamed": func(ctx context.Context, s *store.Store) error {
			return fails(s.PackageVersionsNamed(ctx, []store.AdvisoryPackage{{Ecosystem: "npm", Name: "a"}}))
		},
		"AdvisoriesByIDs": func(ctx context.Context, s *store.Store) error { return fails(s.AdvisoriesByIDs(ctx, []string{"a"})) },
		"Answers":         func(ctx context.Context, s *store.Store) error { return fails(s.Answers(ctx, ids)) },
		"VersionsWithAdvisories": func(ctx context.Context, s *store.Store) error {
			return fails(s.VersionsWithAdvisories(ctx, []string{"a"}))
		},
		"GroupsByMembers": func(ctx context.Context, s *store.Store) error { return fails(s.GroupsByMembers(ctx, []string{"a"})) },
		"Scores":          func(ctx context.Context, s *store.Store) error { return fails(s.Scores(ctx, []string{"a"})) },
		"KevEntries":      func(ctx context.Context, s *store.Store) error { return fails(s.KevEntries(ctx, []string{"a"})) },
		"LatestVersions":  func(ctx context.Context, s *store.Store) error { return fails(s.LatestVersions(ctx, ids)) },
		"filtered jobs": func(ctx context.Context, s *store.Store) error {
			return fails(s.Jobs(ctx, store.JobFilter{States: []string{"RUNNING"}, Kinds: []string{"SYNC"}, ProjectID: 1}, first))
		},
		"filtered jobs' count": func(ctx context.Context, s *store.Store) error {
			return fails(s.CountJobs(ctx, store.JobFilter{ProjectID: 1}))
		},
		"ExportsOfJobs":     func(ctx context.Context, s *store.Store) error { return fails(s.ExportsOfJobs(ctx, ids)) },
		"FindingsStates":    func(ctx context.Context, s *store.Store) error { return fails(s.FindingsStates(ctx, ids)) },
		"VersionIDsOfBom":   func(ctx context.Context, s *store.Store) error { return fails(s.VersionIDsOfBom(ctx, bom.ID)) },
		"CurrentVersionIDs": func(ctx context.Context, s *store.Store) error { return fails(s.CurrentVersionIDs(ctx, 0, 9)) },
		"ComponentsOfBom":   func(ctx context.Context, s *store.Store) error { return fails(s.ComponentsOfBom(ctx, bom.ID)) },
		"DependenciesOfBom": func(ctx context.Context, s *store.Store) error { return fails(s.DependenciesOfBom(ctx, bom.ID)) },
		"JobsByIDs":         func(ctx context.Context, s *store.Store) error { return fails(s.JobsByIDs(ctx, ids)) },
		"Candidates": func(ctx context.Context, s *store.Store) error {
			return fails(s.Candidates(ctx, []store.AdvisoryPackage{{Ecosystem: "npm", Name: "a"}}))
		},
		"MirroredLinks": func(ctx context.Context, s *store.Store) error { return fails(s.MirroredLinks(ctx, []string{"a"})) },
		"MirroredAdvisories": func(ctx context.Context, s *store.Store) error {
			return fails(s.MirroredAdvisories(ctx, []string{"a"}))
		},
		"MirroredScores": func(ctx context.Context, s *store.Store) error {
			_, _, err := s.MirroredScores(ctx, []string{"a"})
			return err
		},
		"EndsOfLife":        func(ctx context.Context, s *store.Store) error { return fails(s.EndsOfLife(ctx, []string{"a"})) },
		"ChangesOfReleases": func(ctx context.Context, s *store.Store) error { return fails(s.ChangesOfReleases(ctx, ids, first)) },
		"CountChanges":      func(ctx context.Context, s *store.Store) error { return fails(s.CountChanges(ctx, ids)) },
		"ReleaseChanges":    func(ctx context.Context, s *store.Store) error { return fails(s.ReleaseChanges(ctx, 1)) },
		"NotificationChannels": func(ctx context.Context, s *store.Store) error {
			return fails(s.NotificationChannels(ctx, first))
		},
		"NotificationChannelsByIDs": func(ctx context.Context, s *store.Store) error {
			return fails(s.NotificationChannelsByIDs(ctx, ids))
		},
		"DeliveriesOfChannels": func(ctx context.Context, s *store.Store) error {
			return fails(s.DeliveriesOfChannels(ctx, ids, first))
		},
		"CountDeliveries": func(ctx context.Context, s *store.Store) error { return fails(s.CountDeliveries(ctx, ids)) },
		"DueDeliveries":   func(ctx context.Context, s *store.Store) error { return fails(s.DueDeliveries(ctx, 10)) },
		"DueParts":        func(ctx context.Context, s *store.Store) error { return fails(s.DueParts(ctx)) },
		"LastMessages":    func(ctx context.Context, s *store.Store) error { return fails(s.LastMessages(ctx, ids)) },
		"DueHints":        func(ctx context.Context, s *store.Store) error { return fails(s.DueHints(ctx, 10)) },
		"NextNews":        func(ctx context.Context, s *store.Store) error { return fails(s.NextNews(ctx)) },
		"BusyProjects":    func(ctx context.Context, s *store.Store) error { return fails(s.BusyProjects(ctx, ids)) },
		"ShippedBoms":     func(ctx context.Context, s *store.Store) error { return fails(s.ShippedBoms(ctx, 1)) },
		"Told":            func(ctx context.Context, s *store.Store) error { return fails(s.Told(ctx, 1, ids)) },
		"Unseen":          func(ctx context.Context, s *store.Store) error { return fails(s.Unseen(ctx, 1)) },
		"LastChange":      func(ctx context.Context, s *store.Store) error { return fails(s.LastChange(ctx)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			explained := s.Explained(func(stmt, plan string) {
				asked++
				for _, step := range []string{scan.FindString(listed.ReplaceAllString(plan, "")), seqScan.FindString(plan)} {
					if step != "" {
						t.Errorf("%s in\n%s\n%s", step, stmt, plan)
					}
				}
				if testing.Verbose() {
					t.Log(strings.ReplaceAll(plan, "\n", "; "))
				}
			})
			if err := read(t.Context(), explained); err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Fatal(err)
			}
			if asked != 1 {
				t.Errorf("%d statements, want 1", asked)
			}
		})
	}
}

// fails drops what a read returned beside its error.
func fails[T any](_ T, err error) error { return err }
