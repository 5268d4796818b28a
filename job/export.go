package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"loadline/enrich"
	"loadline/store"
	"loadline/triage"
)

const (
	// KindExport is the kind of job that writes a document.
	KindExport = "EXPORT"
	// exportAttempts is how often writing one is tried.
	exportAttempts = 3
	// exportKept is how long a document can be fetched.
	exportKept = 24 * time.Hour
	// mediaCycloneDX is what the documents are.
	mediaCycloneDX = "application/vnd.cyclonedx+json; version=1.6"
)

// Export writes a Bom, with what affects it and what has been decided about that,
// as a CycloneDX document.
type Export struct {
	store   *store.Store
	facts   *enrich.Service
	version string // of this program
	now     func() time.Time

	Plain // the document is kept when it is whole
}

// AddExport lets the Runner export too. Call it before Run.
func (r *Runner) AddExport(facts *enrich.Service, version string) {
	r.Add(KindExport, &Export{store: r.store, facts: facts, version: version, now: r.now})
}

// Export enqueues the export of a Bom, unless one waits already. It returns
// store.ErrNotFound when there is no such Bom, and store.ErrConflict when it is not
// ready.
func (r *Runner) Export(ctx context.Context, bomID int64) (store.Job, error) {
	boms, err := r.store.BomsByIDs(ctx, []int64{bomID})
	switch {
	case err != nil:
		return store.Job{}, err
	case len(boms) == 0:
		return store.Job{}, store.ErrNotFound
	case boms[0].State != store.BomReady:
		return store.Job{}, store.ErrConflict
	}
	releases, err := r.store.ReleasesByIDs(ctx, []int64{boms[0].ReleaseID})
	if err == nil && len(releases) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Job{}, err
	}
	return r.Enqueue(ctx, store.NewJob{
		Kind:        KindExport,
		BomID:       bomID,
		ProjectID:   releases[0].ProjectID,
		MaxAttempts: exportAttempts,
		Unique:      KindExport + " " + strconv.FormatInt(bomID, 10),
		Again:       true,
	})
}

// Exported returns the document that the job with the id has written, or
// store.ErrNotFound when there is none that has not expired.
func (r *Runner) Exported(ctx context.Context, jobID int64) (store.Export, error) {
	return r.store.Export(ctx, jobID)
}

// Run writes the document.
func (e *Export) Run(ctx context.Context, t Task) error {
	stages := []string{"components", "findings", "document"}
	report := func(done int) {
		t.Report(store.JobProgress{Stage: stages[done], Done: done, Total: len(stages)})
	}
	report(0)
	source, err := e.read(ctx, t.Job.BomID)
	if err != nil {
		return err
	}
	report(1)
	if source.report, err = e.assess(ctx, t.Job.BomID); err != nil {
		return err
	}
	report(2)
	content, err := json.Marshal(source.document(e.version, e.now()))
	if err != nil {
		return err
	}
	return t.Store.SaveExport(ctx, store.Export{
		JobID:     t.Job.ID,
		FileName:  fileName(source.project.Name, source.release.Version),
		MediaType: mediaCycloneDX,
		Content:   content,
	}, exportKept)
}

// exported is what a document is made of.
type exported struct {
	project    store.Project
	release    store.Release
	bom        store.Bom
	components []store.Component
	edges      [][2]int
	report     enrich.Report
	decided    triage.Set
}

func (e *Export) read(ctx context.Context, bomID int64) (x exported, err error) {
	gone := permanent{errors.New("the Bom has been deleted")}
	boms, err := e.store.BomsByIDs(ctx, []int64{bomID})
	if err != nil {
		return x, err
	}
	if len(boms) == 0 {
		return x, gone
	}
	x.bom = boms[0]
	releases, err := e.store.ReleasesByIDs(ctx, []int64{x.bom.ReleaseID})
	if err != nil {
		return x, err
	}
	if len(releases) == 0 {
		return x, gone
	}
	x.release = releases[0]
	projects, err := e.store.ProjectsByIDs(ctx, []int64{x.release.ProjectID})
	if err != nil {
		return x, err
	}
	if len(projects) == 0 {
		return x, gone
	}
	x.project = projects[0]
	if x.components, err = e.store.ComponentsOfBom(ctx, bomID); err != nil {
		return x, err
	}
	if x.edges, err = e.store.DependenciesOfBom(ctx, bomID); err != nil {
		return x, err
	}
	decisions, err := e.store.TriageOfBoms(ctx, []int64{bomID})
	x.decided = triage.NewSet(decisions[bomID])
	return x, err
}

func (e *Export) assess(ctx context.Context, bomID int64) (enrich.Report, error) {
	uses, err := e.store.UsesInBoms(ctx, []int64{bomID})
	if err != nil {
		return enrich.Report{}, err
	}
	known, err := e.facts.Assess(ctx, uses)
	if err != nil {
		return enrich.Report{}, err
	}
	return known.Report(uses), nil
}

// fileName is a name that no file system and no header objects to.
func fileName(project, release string) string {
	plain := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)) {
			return r
		}
		return '-'
	}, project+"-"+release)
	return fmt.Sprintf("%s.cdx.json", plain)
}
