package enrich

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"loadline/cache"
	"loadline/purl"
	"loadline/store"
	"loadline/upstream"
	"loadline/upstream/depsdev"
)

// packagesAtOnce bounds how many packages are asked about in the background at
// the same time.
const packagesAtOnce = 16

// packagesPerSecond bounds the same in time, so that the background takes only
// a part of what deps.dev lets through; questions have the rest.
const packagesPerSecond = 50

// maxQueued bounds how many packages wait to be asked about in the background;
// what does not fit is asked about when it is next wanted.
const maxQueued = 100_000

// Use is a package, and the version of it that somebody uses; the version is
// empty where only the package is known.
type Use struct {
	Package store.Package
	Version string
}

// Latest is the newest version of a package.
type Latest struct {
	store.Latest // Version is empty where it is not known
	Status       Status
}

// Latest returns the newest version of each package. deps.dev tells in one batch
// which of the used versions are the newest already. For the others it has no
// batch, so they are asked about in the background and are unavailable, or
// stale, until that has been done.
func (e *Service) Latest(ctx context.Context, uses []Use) (map[int64]Latest, error) {
	FellShort(ctx)
	since := e.memory.latest.Now()
	ids := make([]int64, len(uses))
	why := make([]error, len(uses))
	now := e.now()
	for i, u := range uses {
		ids[i] = u.Package.ID
		// Before the store is read: what a lookup has learnt is there when it ends.
		why[i] = e.packages.standing(u.Package.ID, u.Version, now)
	}
	stored, err := e.store.LatestVersions(ctx, ids)
	if err != nil {
		return nil, err
	}
	latest := make(map[int64]Latest, len(uses))
	for _, l := range stored {
		latest[l.PackageID] = Latest{Latest: l, Status: latestStatus(l)}
	}
	unknown := make(map[int64]error)
	defer func() { e.rememberLatest(latest, unknown, since) }()
	wanted := make([]Use, 0, len(uses))
	soon := make(map[int64]Use)
	for i, u := range uses {
		id := u.Package.ID
		if fetched := latest[id].FetchedAt; e.fresh(fetched, depsLifetime) {
			countHits(ctx, 1)
			if e.aging(fetched, depsLifetime) && !isQuiet(ctx) {
				soon[id] = u
			}
			continue
		}
		if _, _, ok := systemOf(u.Package); !ok {
			latest[id] = Latest{Status: Status{
				Source: upstream.DepsDev,
				State:  NotCovered,
				Reason: "deps.dev does not cover packages of type " + u.Package.Type + ".",
			}}
			continue
		}
		if why[i] != nil {
			unknown[id] = why[i]
			latest[id] = withoutLatest(latest[id], why[i])
			continue
		}
		wanted = append(wanted, u)
	}
	if len(soon) > 0 {
		e.ahead.want(func(a *aging) { fill(a.uses, soon) })
	}
	due, keys := versionKeys(wanted)
	if len(due) == 0 {
		return latest, nil
	}
	outcomes := e.latest.do(ctx, e, due, func(ctx context.Context, ids []int64) (map[int64]outcome[store.Latest], store.Facts) {
		return e.fetchLatest(ctx, ids, keys)
	})
	for id, out := range outcomes {
		if out.err == nil {
			latest[id] = Latest{Latest: out.value, Status: latestStatus(out.value)}
			continue
		}
		unknown[id] = out.err
		latest[id] = withoutLatest(latest[id], out.err)
	}
	return latest, nil
}

// rememberLatest keeps newest versions for as long as that holds.
func (e *Service) rememberLatest(latest map[int64]Latest, unknown map[int64]error, since cache.Stamp) {
	for id, l := range latest {
		until := untilChanged
		switch err := unknown[id]; {
		case err != nil && !isOffline(err):
			continue
		case err == nil && !l.FetchedAt.IsZero():
			until = e.untilAging(l.FetchedAt, depsLifetime)
		}
		e.memory.latest.Put(id, lasting[Latest]{l, until}, 300, since, strconv.FormatInt(id, 10))
	}
}

// versionKeys is what deps.dev is asked about, by package, and the packages in
// the order of their first use; of several uses of one the last counts. What
// deps.dev does not cover is left out.
func versionKeys(uses []Use) (ids []int64, keys map[int64]depsdev.VersionKey) {
	keys = make(map[int64]depsdev.VersionKey, len(uses))
	for _, u := range uses {
		system, name, ok := systemOf(u.Package)
		if !ok {
			continue
		}
		if _, again := keys[u.Package.ID]; !again {
			ids = append(ids, u.Package.ID)
		}
		keys[u.Package.ID] = depsdev.VersionKey{System: system, Name: name, Version: u.Version}
	}
	return ids, keys
}

// withoutLatest is what was known before, because of err.
func withoutLatest(old Latest, err error) Latest {
	old.Status = fallback(upstream.DepsDev, old.FetchedAt, err)
	return old
}

// errPending says that the background has yet to ask about a package.
var errPending = errors.New("newest version not known yet")

// fetchLatest asks deps.dev which of the versions are the newest, and leaves the
// other packages to the background.
func (e *Service) fetchLatest(ctx context.Context, ids []int64, keys map[int64]depsdev.VersionKey) (map[int64]outcome[store.Latest], store.Facts) {
	got := make(map[int64]outcome[store.Latest], len(ids))
	var asked []int64
	var request []depsdev.VersionKey
	for _, id := range ids {
		if keys[id].Version != "" {
			asked = append(asked, id)
			request = append(request, keys[id])
		} else {
			got[id] = outcome[store.Latest]{err: e.packages.addOlder(id, "", e.now())}
		}
	}
	var facts store.Facts
	if len(request) == 0 {
		return got, facts
	}
	results, err := e.up.DepsDev.Versions(ctx, request)
	if err != nil {
		return failed[int64, store.Latest](ids, err), facts
	}
	now := e.now()
	for i, id := range asked {
		switch r := results[i]; {
		case r.Err != nil:
			got[id] = outcome[store.Latest]{err: r.Err}
		case r.Known && r.Version.IsDefault:
			l := store.Latest{PackageID: id, Version: request[i].Version, PublishedAt: r.Version.PublishedAt, FetchedAt: now}
			got[id] = outcome[store.Latest]{value: l}
			facts.Latest = append(facts.Latest, l)
		default:
			got[id] = outcome[store.Latest]{err: e.packages.addOlder(id, request[i].Version, now)}
		}
	}
	return got, facts
}

// WantLatest asks about packages in the background, so that their newest
// versions are known when somebody wants them.
func (e *Service) WantLatest(ids []int64) { e.packages.add(ids...) }

// refreshPackages asks about queued packages until ctx ends.
func (e *Service) refreshPackages(ctx context.Context) {
	var workers sync.WaitGroup
	pace := rate.NewLimiter(packagesPerSecond, 4*packagesPerSecond)
	for range packagesAtOnce {
		workers.Go(func() {
			for {
				id, ok := e.packages.next(ctx)
				if !ok || pace.Wait(ctx) != nil {
					return
				}
				err := e.refreshPackage(ctx, id)
				if err != nil && ctx.Err() == nil {
					e.log.Debug("newest version not fetched", "package_id", id, "error", err)
				}
				e.packages.done(id, err, e.now())
			}
		})
	}
	workers.Wait()
}

func (e *Service) refreshPackage(ctx context.Context, id int64) error {
	stored, err := e.store.LatestVersions(ctx, []int64{id})
	if err != nil || len(stored) > 0 && e.fresh(stored[0].FetchedAt, depsLifetime) && !e.aging(stored[0].FetchedAt, depsLifetime) {
		return err
	}
	rows, err := e.store.PackagesByIDs(ctx, []int64{id})
	if err != nil || len(rows) == 0 {
		return err
	}
	system, name, ok := systemOf(rows[0])
	if !ok {
		return nil
	}
	l := store.Latest{PackageID: id, FetchedAt: e.now()}
	p, err := e.up.DepsDev.Package(ctx, depsdev.PackageKey{System: system, Name: name})
	if err != nil && !errors.Is(err, upstream.ErrNotFound) {
		return err
	}
	if v, ok := newest(p.Versions); ok {
		l.Version, l.PublishedAt = v.Version, v.PublishedAt
	}
	return e.store.SaveFacts(ctx, store.Facts{Latest: []store.Latest{l}})
}

// newest is the version that a bare install gets, or the last one published
// where deps.dev does not say which that is.
func newest(versions []depsdev.PackageVersion) (depsdev.PackageVersion, bool) {
	if len(versions) == 0 {
		return depsdev.PackageVersion{}, false
	}
	for _, v := range versions {
		if v.IsDefault {
			return v, true
		}
	}
	return slices.MaxFunc(versions, func(a, b depsdev.PackageVersion) int { return a.PublishedAt.Compare(b.PublishedAt) }), true
}

func latestStatus(l store.Latest) Status {
	if l.Version == "" {
		return Status{Source: upstream.DepsDev, State: NotCovered, AsOf: l.FetchedAt, Reason: "deps.dev does not know this package."}
	}
	return Status{Source: upstream.DepsDev, State: Fresh, AsOf: l.FetchedAt}
}

func systemOf(p store.Package) (system, name string, ok bool) {
	parsed, err := purl.Parse(p.PURL)
	if err != nil {
		return "", "", false
	}
	return depsdev.SystemOf(parsed)
}
