package mirror

import (
	"archive/zip"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"loadline/advisory"
	"loadline/match"
	"loadline/store"
)

// Load brings only those records into an empty store that affect one of the
// targets, and those that are aliases of these. It is what one look needs, in a
// fraction of the time of Sync. What fails is in the Result; the error is of the
// store or of ctx.
func (m *Mirror) Load(ctx context.Context, s *store.Store, targets []match.Target) (Result, error) {
	epoch, err := s.BeginSync(ctx)
	if err != nil {
		return Result{}, err
	}
	wanted := map[string]map[match.Key][]match.Target{}
	for _, t := range targets {
		keys := t.Keys()
		if t.Commit != "" {
			keys = append(keys, match.Key{Ecosystem: gitEcosystem, Name: t.Commit})
		}
		for _, key := range keys {
			if wanted[key.Ecosystem] == nil {
				wanted[key.Ecosystem] = map[match.Key][]match.Target{}
			}
			wanted[key.Ecosystem][key] = append(wanted[key.Ecosystem][key], t)
		}
	}
	run := &syncing{mirror: m, store: s, epoch: epoch, progress: func(Progress) {}, cves: map[string]bool{}}
	var result Result
	var all []*loading
	defer func() {
		for _, l := range all {
			l.archive.Close()
		}
	}()
	for _, ecosystem := range slices.Sorted(maps.Keys(wanted)) {
		l := &loading{ecosystem: ecosystem, wanted: wanted[ecosystem], cves: run.cves, result: DumpResult{Ecosystem: ecosystem}}
		if l.archive, err = m.openArchive(ctx, ecosystem, validators{}); err != nil {
			l.result.Err = err
			result.Dumps = append(result.Dumps, l.result)
			continue
		}
		all = append(all, l)
		if err := l.scan(ctx); err != nil {
			return result, fmt.Errorf("load %s: %w", ecosystem, err)
		}
	}
	follow(all)
	for _, l := range all {
		err := run.stage(ctx, l)
		result.Dumps = append(result.Dumps, l.result)
		if err != nil {
			return result, fmt.Errorf("load %s: %w", l.ecosystem, err)
		}
	}
	if len(run.cves) == 0 || ctx.Err() != nil {
		return result, ctx.Err()
	}
	return result, run.besides(ctx, &result, run.scores, run.catalogue)
}

// stage writes the records that were taken.
func (r *syncing) stage(ctx context.Context, l *loading) error {
	st, err := r.store.StageDump(ctx, r.epoch, l.ecosystem)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(l.records, recordsPerTx) {
		if err := st.Put(ctx, part); err != nil {
			return err
		}
	}
	p, err := st.Publish(ctx, store.Dump{Source: r.mirror.name, AsOf: l.archive.asOf, Skipped: l.result.Skipped}, true)
	l.result.Records, l.result.Added = p.Dump.Records, p.Added
	return err
}

// loading is what Load does with an ecosystem.
type loading struct {
	ecosystem string
	wanted    map[match.Key][]match.Target
	archive   *archive
	result    DumpResult
	cves      map[string]bool // that the records taken are about

	records []store.MirrorRecord // that are brought
	at      map[string]int       // the place of a file by the id it is named after
	taken   []bool               // by place: it is among records
	linked  map[string][]int     // the places of files that name another id, by that id
}

// scan takes the records that affect a target, and notes how others are linked.
func (l *loading) scan(ctx context.Context) error {
	files := l.archive.records
	l.taken = make([]bool, len(files))
	l.linked = make(map[string][]int, len(files))
	l.at = make(map[string]int, len(files))
	for i, f := range files {
		l.at[idOf(f)] = i
	}
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	var mu sync.Mutex
	for w := range workers {
		all.Go(func() {
			u := newUnpacker()
			names := newNameFinder(l.ecosystem, l.wanted)
			for i := w; i < len(files) && ctx.Err() == nil; i += workers {
				record, a, ids, err := l.look(u, names, files[i])
				mu.Lock()
				switch {
				case err != nil:
					l.result.skip(idOf(files[i]), err)
				case record != nil:
					l.take(i, *record, a)
				default:
					for _, id := range ids {
						l.linked[id] = append(l.linked[id], i)
					}
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// take brings the record at a place.
func (l *loading) take(i int, r store.MirrorRecord, a advisory.Advisory) {
	l.taken[i] = true
	l.records = append(l.records, r)
	for _, cve := range advisory.CVEs([]advisory.Advisory{a}) {
		l.cves[cve] = true
	}
}

// look returns a file's record where that affects a target, else the ids that it
// names beside its own.
func (l *loading) look(u *unpacker, names *nameFinder, f *zip.File) (*store.MirrorRecord, advisory.Advisory, []string, error) {
	plain, deflated, err := u.read(f)
	if err != nil {
		return nil, advisory.Advisory{}, nil, err
	}
	if !names.in(plain) {
		return nil, advisory.Advisory{}, namedIDs(plain), nil
	}
	record, a, err := newRecord(l.ecosystem, idOf(f), plain, deflated)
	if err != nil {
		return nil, a, nil, err
	}
	if !l.affects(record) {
		return nil, a, namedIDs(plain), nil
	}
	return &record, a, nil, nil
}

func (l *loading) affects(r store.MirrorRecord) bool {
	for key, affected := range r.Affected {
		a := advisory.Advisory{ID: r.ID, Affected: affected}
		for _, t := range l.wanted[match.Key(key)] {
			if _, hit := match.Affects(a, t); hit {
				return true
			}
		}
	}
	return false
}

// follow takes the records that are linked to those taken, directly or through
// others, of whatever ecosystem.
func follow(all []*loading) {
	u := newUnpacker()
	seen := map[string]bool{}
	var ids []string
	for _, l := range all {
		for _, r := range l.records {
			ids = append(ids, r.Members...)
		}
	}
	for len(ids) > 0 {
		id := ids[len(ids)-1]
		ids = ids[:len(ids)-1]
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, l := range all {
			ids = append(ids, l.follow(u, id)...)
		}
	}
}

// follow takes the records that are about an id, and returns the ids that they
// are about.
func (l *loading) follow(u *unpacker, id string) (ids []string) {
	places := l.linked[id]
	if i, ok := l.at[id]; ok {
		places = append(slices.Clone(places), i)
	}
	for _, i := range places {
		if l.taken[i] {
			continue
		}
		f := l.archive.records[i]
		plain, deflated, err := u.read(f)
		if err != nil {
			continue // scan has said so
		}
		r, a, err := newRecord(l.ecosystem, idOf(f), plain, deflated)
		if err != nil {
			l.result.skip(idOf(f), err)
			l.taken[i] = true
			continue
		}
		if slices.Contains(r.Members, id) {
			l.take(i, r, a)
			ids = append(ids, r.Members...)
		}
	}
	return ids
}

// nameFinder tells whether a record may be about a wanted package without
// reading all of it.
type nameFinder struct {
	ecosystem string
	names     map[string]bool
	folded    bool // the ecosystem takes several spellings for one
	commits   []string
}

func newNameFinder(ecosystem string, wanted map[match.Key][]match.Target) *nameFinder {
	n := &nameFinder{ecosystem: ecosystem, names: make(map[string]bool, len(wanted))}
	for key := range wanted {
		if ecosystem == gitEcosystem {
			n.commits = append(n.commits, key.Name)
		}
		n.names[key.Name] = true
	}
	n.folded = match.NormalName(ecosystem, "A_B.git") != "A_B.git"
	return n
}

func (n *nameFinder) in(record []byte) bool {
	found := false
	eachValue(record, `"name"`, func(value []byte) bool {
		name, rest := stringAt(value)
		switch {
		case rest == nil:
		case strings.IndexByte(string(name), '\\') >= 0:
			found = true // written in another way: look closer
		case n.names[string(name)]:
			found = true
		case n.folded:
			found = n.names[match.NormalName(n.ecosystem, string(name))]
		}
		return !found
	})
	for _, c := range n.commits {
		found = found || strings.Contains(string(record), c)
	}
	return found
}
