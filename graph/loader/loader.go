// Package loader batches what resolvers need, from the database and from the
// upstreams alike. Loaders live as long as one response.
package loader

import (
	"context"

	"loadline/dependency"
	"loadline/enrich"
	"loadline/store"
	"loadline/triage"
)

// Loaders are the loaders of one response.
type Loaders struct {
	*Memory

	ProjectByID   Loader[int64, store.Project]
	ProjectByName Loader[string, store.Project]
	ProjectTags   Loader[int64, []string]

	ReleaseByID        Loader[int64, store.Release]
	ReleaseByVersion   Loader[store.ReleaseKey, store.Release]
	ReleaseTags        Loader[int64, []string]
	ReleasesOfProject  Paged[int64, store.Release]
	CountReleases      Loader[int64, int]
	ReleasesUsing      Paged[int64, store.Release]
	CountReleasesUsing Loader[int64, int]
	ChangesOfRelease   Paged[int64, store.Change]
	CountChanges       Loader[int64, int]

	BomByID       Loader[int64, store.Bom]
	BomsOfRelease Paged[int64, store.Bom]
	CountBoms     Loader[int64, int]
	WarningsOfBom Paged[int64, store.Warning]
	CountWarnings Loader[int64, int]
	JobByID       Loader[int64, store.Job]
	ExportOfJob   Loader[int64, store.Export]

	ComponentByKey       Loader[store.ComponentKey, store.Component]
	ComponentsOfBom      Paged[BomFilter, store.Component]
	CountComponents      Loader[BomFilter, int]
	DependenciesOf       Paged[store.ComponentKey, store.Component]
	CountDependencies    Loader[store.ComponentKey, int]
	DependentsOf         Paged[store.ComponentKey, store.Component]
	CountDependents      Loader[store.ComponentKey, int]
	ComponentsUsing      Paged[int64, store.Component]
	CountComponentsUsing Loader[int64, int]

	PackageByID       Loader[int64, store.Package]
	PackageByPURL     Loader[string, store.Package]
	VersionsOfPackage Paged[int64, store.PackageVersion]
	CountVersions     Loader[int64, int]

	ChannelByID         Loader[int64, store.NotificationChannel]
	DeliveriesOfChannel Paged[int64, store.NotificationDelivery]
	CountDeliveries     Loader[int64, int]

	Triage        Loader[int64, triage.Set]
	TriageHistory Loader[Decided, []triage.Decision]
	Report        Loader[BomReport, enrich.Report]

	Portfolio      Loader[struct{}, *enrich.Portfolio]
	Impact         Loader[*enrich.Vulnerability, enrich.Report]
	LatestRelease  Loader[int64, store.Release] // by project id
	TrendOfProject Loader[Days, []store.TrendPoint]
	TrendOfRelease Loader[Days, []store.TrendPoint]
	Graph          Loader[int64, *dependency.Graph] // nil for a Bom that is not READY

	Findings                Loader[int64, enrich.Findings]
	Vulnerability           Loader[string, *enrich.Vulnerability]
	Score                   Loader[string, enrich.Score]
	Kev                     Loader[string, enrich.Listing]
	Latest                  Loader[Use, enrich.Latest]
	EndOfLife               Loader[string, enrich.EndOfLife]
	ReleasesAffected        Paged[*enrich.Vulnerability, store.Release]
	CountReleasesAffected   Loader[*enrich.Vulnerability, int]
	ComponentsAffected      Paged[*enrich.Vulnerability, store.Component]
	CountComponentsAffected Loader[*enrich.Vulnerability, int]
}

type contextKey struct{}

// With returns a context with loaders in it.
func With(ctx context.Context, l *Loaders) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// For returns the loaders of the response that ctx belongs to.
func For(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*Loaders) }

// New returns loaders over the database and the upstreams, that have a look at
// what is in memory first.
func New(s *store.Store, e *enrich.Service, m *Memory) *Loaders {
	l := &Loaders{Memory: m}
	l.ofProjects(s)
	l.ofBoms(s)
	l.ofComponents(s)
	l.ofPackages(s, e)
	l.ofVulnerabilities(s, e)
	l.ofFindings(s, e)
	l.ofShipped(s, e)
	l.ofChannels(s)
	return l
}

func (l *Loaders) ofProjects(s *store.Store) {
	l.ProjectByID = one(s.ProjectsByIDs, func(p store.Project) int64 { return p.ID })
	l.ProjectByName = oneKept(l.projects, s.ProjectsByNames, func(p store.Project) string { return p.Name },
		func(p store.Project) []string { return ofProject(p.ID) })
	l.ProjectTags = each(s.ProjectTags)
	l.ReleaseByID = one(s.ReleasesByIDs, func(r store.Release) int64 { return r.ID })
	l.ReleaseByVersion = oneKept(l.releases, s.ReleasesByVersions, func(r store.Release) store.ReleaseKey {
		return store.ReleaseKey{ProjectID: r.ProjectID, Version: r.Version}
	}, func(r store.Release) []string { return ofProject(r.ProjectID) })
	l.ReleaseTags = each(s.ReleaseTags)
	l.ReleasesOfProject = pages(s.ReleasesOfProjects)
	l.CountReleases = each(s.CountReleases)
	l.ReleasesUsing = pages(s.ReleasesUsingPackages)
	l.CountReleasesUsing = each(s.CountReleasesUsingPackages)
	l.ChangesOfRelease = pages(s.ChangesOfReleases)
	l.CountChanges = each(s.CountChanges)
}

func (l *Loaders) ofBoms(s *store.Store) {
	l.BomByID = one(s.BomsByIDs, func(b store.Bom) int64 { return b.ID })
	l.BomsOfRelease = pages(s.BomsOfReleases)
	l.CountBoms = each(s.CountBoms)
	l.WarningsOfBom = pages(s.WarningsOfBoms)
	l.CountWarnings = each(s.CountWarnings)
	l.JobByID = one(s.JobsByIDs, func(j store.Job) int64 { return j.ID })
	l.ExportOfJob = one(s.ExportsOfJobs, func(e store.Export) int64 { return e.JobID })
}
