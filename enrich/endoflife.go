package enrich

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"loadline/store"
	"loadline/upstream"
)

// endOfLifeLifetime is how long what endoflife.date says counts as fresh: its
// dates are set months ahead.
const endOfLifeLifetime = 7 * 24 * time.Hour

// EndOfLife is what endoflife.date says about a package.
type EndOfLife struct {
	Products []store.EndOfLife // that the package is, by name; empty where it knows none
	Status   Status
	today    time.Time
}

// EndsOfLife returns what is known about each package, by its purl, canonical and
// without version. Nobody is asked: it is known from a mirror alone.
func (e *Service) EndsOfLife(ctx context.Context, packages []string) (map[string]EndOfLife, error) {
	FellShort(ctx)
	files, err := e.store.MirrorFiles(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := e.store.EndsOfLife(ctx, packages)
	if err != nil {
		return nil, err
	}
	held := e.endOfLifeStatus(files)
	known := make(map[string]EndOfLife, len(packages))
	for _, p := range packages {
		known[p] = EndOfLife{Status: held, today: e.now()}
	}
	for _, row := range rows {
		p := known[row.PURLs[0]]
		p.Products = append(p.Products, row)
		known[row.PURLs[0]] = p
	}
	for name, p := range known {
		slices.SortFunc(p.Products, func(a, b store.EndOfLife) int { return strings.Compare(a.Product, b.Product) })
		if len(p.Products) == 0 && held.State != Unavailable {
			p.Status.State, p.Status.Reason = NotCovered, "endoflife.date has no product that is this package."
			known[name] = p
		}
	}
	return known, nil
}

func (e *Service) endOfLifeStatus(files []store.MirrorFile) Status {
	s := Status{Source: upstream.EndOfLife, State: Unavailable, Reason: "It is known from a mirror alone, and none that has endoflife.json has been synced."}
	for _, f := range files {
		if f.Name != store.FileEndOfLife || f.Generation == 0 {
			continue
		}
		s.State, s.AsOf, s.Reason = Fresh, f.AsOf, ""
		if !e.fresh(f.AsOf, endOfLifeLifetime) {
			s.State, s.Reason = Stale, "The mirror of endoflife.date has not been brought up to date since."
		}
	}
	return s
}

// Cycle is the run of releases that a version belongs to.
type Cycle struct {
	Product store.EndOfLife
	Name    string // "1.26"
	Ended   *bool  // nil where endoflife.date does not say
	EndsOn  string // the day; empty where it does not say
	Latest  string // the newest version of the cycle
}

// CycleOf returns the cycle that a version belongs to, and false where
// endoflife.date has none. The cycle with the longest name that the version starts
// with counts.
func (l EndOfLife) CycleOf(version string) (Cycle, bool) {
	_, bare, epoch := strings.Cut(version, ":")
	if !epoch {
		bare = version
	}
	bare = strings.TrimPrefix(strings.TrimPrefix(bare, "go"), "v")
	var best Cycle
	for _, product := range l.Products {
		var releases []release
		if json.Unmarshal(product.Releases, &releases) != nil {
			continue // that of a product which writes in another way
		}
		for _, r := range releases {
			if name := r.name(); len(name) > len(best.Name) && startsWith(bare, name) {
				best = r.cycle(product, l.today)
			}
		}
	}
	return best, best.Name != ""
}

// startsWith says whether a version starts with the numbers of a cycle.
func startsWith(version, cycle string) bool {
	rest, found := strings.CutPrefix(version, cycle)
	return found && (rest == "" || (rest[0] < '0' || rest[0] > '9') && (cycle[len(cycle)-1] >= '0' && cycle[len(cycle)-1] <= '9'))
}

// release is a cycle as the project's repository writes it, or as the API does.
type release struct {
	ReleaseCycle, Name string
	EOL                json.RawMessage // a day, or whether it has come
	EOLFrom            string
	IsEOL              *bool
	Latest             json.RawMessage // a version, or an object with its name
}

func (r release) name() string {
	if r.ReleaseCycle != "" {
		return r.ReleaseCycle
	}
	return r.Name
}

func (r release) cycle(product store.EndOfLife, today time.Time) Cycle {
	c := Cycle{Product: product, Name: r.name(), Ended: r.IsEOL, EndsOn: r.EOLFrom}
	var ended bool
	switch {
	case json.Unmarshal(r.EOL, &ended) == nil && r.IsEOL == nil && len(r.EOL) > 0 && r.EOL[0] != 'n':
		c.Ended = &ended
	case c.EndsOn == "":
		if json.Unmarshal(r.EOL, &c.EndsOn) != nil {
			c.EndsOn = ""
		}
	}
	if day, err := time.Parse(time.DateOnly, c.EndsOn); err == nil {
		ended := !today.Before(day)
		c.Ended = &ended
	} else {
		c.EndsOn = ""
	}
	var latest struct{ Name string }
	if json.Unmarshal(r.Latest, &c.Latest) != nil && json.Unmarshal(r.Latest, &latest) == nil {
		c.Latest = latest.Name
	}
	return c
}
