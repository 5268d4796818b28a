package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	// patience is how long the samples may take to be brought in.
	patience = time.Minute
	// pause is how long to wait before looking again whether they are.
	pause = 25 * time.Millisecond
	// askedProject and askedRelease are what the tour asks about. The playground's
	// examples ask about others, whose facts are then still to be fetched.
	askedProject, askedRelease = "shop-backend", "1.8.1"
)

const welcome = `Loadline demo: SAMPLE DATA, NOT FOR DECISIONS. The projects are made up; what is known about their
parts is a small, old excerpt of OSV, EPSS, KEV and deps.dev. Nothing leaves this machine: those four
are played inside this process, about 20 ms away.

  Dashboard   %[1]s/
  Playground  %[1]s/playground

What to try: open the playground and press the button with the triangle. Its first tab asks the
question: what is in shop-frontend 2.4.0, what affects it, and how urgent is that? At the end of the
answer, extensions.cost says what it took; ask again, and the calls to upstreams are gone. The other
tabs ask where lodash is used, what CVE-2021-23337 hits and how the sources are doing, and upload
a Bom. Or ask the first question about ledger 0.9.0, image-api 2021.11 and report-jobs 0.14.0.

The same question about ` + askedProject + ` ` + askedRelease + `:

`

const farewell = `
Ctrl-C ends the demo. Nothing of it is kept.
`

// Tour shows the samples of a server on a screen. It asks over HTTP, as anybody
// would.
type Tour struct {
	URL      string // of the server, without a slash at the end
	Question string // the question, as a query with $project and $release
	Releases int    // how many the server has when all samples are in
	Out      io.Writer
}

// Show waits until the samples are in, marks them as samples, writes where to
// look, asks the question and writes its answer as a table.
func (t Tour) Show(ctx context.Context) error {
	c := newClient(t.URL + "/graphql")
	defer c.close()
	projects, err := t.await(ctx, c)
	if err != nil {
		return err
	}
	for _, id := range projects {
		if err := c.tag(ctx, id, "sample data", "not for decisions"); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(t.Out, welcome, t.URL); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	start := time.Now()
	a, err := c.report(ctx, t.Question, askedProject, askedRelease)
	if err != nil {
		return err
	}
	if err := a.write(t.Out, time.Since(start)); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if _, err := io.WriteString(t.Out, farewell); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// await returns the ids of the projects when all releases have their Boms.
func (t Tour) await(ctx context.Context, c client) ([]string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the samples are not in yet"))
	defer cancel()
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		projects, ready, err := c.projects(ctx)
		if err != nil {
			return nil, err
		}
		if ready == t.Releases {
			return projects, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("demo: %w", context.Cause(ctx))
		}
	}
}
