// Command loadline answers what is in the releases you ship, which
// vulnerabilities affect it, and how urgent they are.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"loadline/cli"
	"loadline/enrich"
	"loadline/graph"
	"loadline/job"
	"loadline/mirror"
	"loadline/rest"
	"loadline/spool"
	"loadline/store"
	"loadline/web"
)

//go:generate go run ./graph/generate

const (
	// shutdownGrace is how long requests under way may take after the signal.
	shutdownGrace = 10 * time.Second
	// trendEvery is how soon after a change today's point of the trends follows.
	trendEvery = 30 * time.Second
	// kevRetry is the pause after the KEV catalogue could not be fetched.
	kevRetry = 5 * time.Minute
)

func main() {
	tuneCollector(os.LookupEnv)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the program. It returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var p program
	parser := kong.Must(&p,
		kong.Name("loadline"),
		kong.Description("Give it your bills of materials, ask it one question: what affects what we ship?"),
		kong.Vars(cli.Defaults()),
		kong.Writers(stdout, stderr),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(cli.Output{Stdout: stdout, Stderr: stderr, UserAgent: userAgent()}),
	)
	return cli.Status(stderr, func() error {
		command, err := parser.Parse(args)
		if err != nil {
			return err
		}
		return command.Run()
	})
}

// Run serves until ctx ends.
func (c serveCommand) Run(ctx context.Context, out cli.Output) error {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", c.Listen, err)
	}
	c.makeWay()
	return c.serve(ctx, listener, c.logger(out.Stderr), nil)
}

// serve wires everything and serves on the listener until ctx ends; ready is
// called, if it is not nil, when uploads can be taken.
func (c serveCommand) serve(ctx context.Context, listener net.Listener, log *slog.Logger, ready func(context.Context, *job.Ingest) error) error {
	defer listener.Close()
	db, err := c.Open(ctx, store.Options{Logger: log, Now: time.Now})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil
	case err != nil:
		return err
	}
	defer db.Close()

	meters := newMeters()
	clients, sources := c.Connect(userAgent(), meters.upstreamCall)
	facts := enrich.New(db, clients, time.Now, log)
	defer facts.Close()
	hub := job.NewHub()
	known, only, err := c.documents()
	if err != nil {
		return err
	}
	advisories, err := c.mirror(db, log)
	if err != nil {
		return err
	}
	ingest := job.NewIngest(db, c.lane, c.MaxUpload, c.workers(), func(ctx context.Context, bomID int64) error {
		if advisories != nil {
			advisories.Want(ctx)
		}
		if c.Offline {
			return nil
		}
		packages, err := db.PackageIDsOfBom(ctx, bomID)
		facts.WantLatest(packages)
		return err
	})
	runner := job.NewRunner(db, hub, ingest, processName(), time.Now, log)
	notifier, err := c.notifier(db, facts, log)
	if err != nil {
		return err
	}
	defer notifier.Close()
	resolver := &graph.Resolver{Store: db, Enrich: facts, Ingest: ingest, Jobs: hub, Runner: runner, Notify: notifier, Clients: sources, Log: log}

	profiles, err := c.profile(log)
	if err != nil {
		return err
	}
	defer profiles.Close()

	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	if advisories != nil {
		runner.AddSync(advisories, c.SyncEvery)
		advisories.Request(ctx)
	}
	if !c.Offline && c.RefreshEvery > 0 {
		runner.AddRefresh(facts, c.RefreshEvery)
	}
	runner.AddExport(facts, currentVersion())
	runner.AddNotify(notifier)
	if c.works() {
		work.Go(func() { runner.Run(background, c.workers()) })
		work.Go(func() { facts.KeepTrend(background, trendEvery) })
		if !c.Offline {
			work.Go(func() { runner.KeepNotifying(background) })
		}
	}
	work.Go(func() { hub.Keep(background, db, log) })
	work.Go(func() {
		db.Watch(background, log, func(s store.Signal) {
			hub.Look()
			runner.Hear(s)
		})
	})
	work.Go(func() { keepNode(background, db, c.Role, sources, log) })
	if c.works() && !c.Offline {
		work.Go(func() { facts.KeepKev(background, kevRetry) })
	}

	space := spool.New(c.uploadSpace())
	mux := http.NewServeMux()
	mux.Handle("/graphql", graph.NewHandler(resolver, graph.Options{MaxUpload: c.MaxUpload, Spool: space, HideSchema: !c.Introspection, Known: known, Documents: only, OnBatch: meters.batch, OnFallback: meters.fallbacks.Inc}))
	mux.Handle("/api/v1/boms", rest.PutBom(ingest, space, runner, log))
	mux.Handle("GET /api/v1/exports/{id}", rest.GetExport(space, runner, log))
	mux.Handle("/playground", web.Playground())
	mux.Handle("/playground/", web.Playground())
	mux.Handle("/metrics", meters.handler())
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := db.Ping(r.Context()); err != nil {
			log.Error("database not ready", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.Handle("/", web.Dashboard())

	if ready != nil {
		if err := ready(ctx, ingest); err != nil {
			return err
		}
	}
	log.Info("serving", "url", "http://"+listener.Addr().String(), "database", store.Redacted(c.Database), "role", c.Role, "offline", c.Offline)
	names := newHosts(listener.Addr(), c.Listen, c.Hosts)
	if names.any {
		log.Warn("requests to any host name are taken: name yours with --hosts, so that no foreign site passes for this one")
	}
	return serveHTTP(ctx, listener, names.guard(c.shown(mux)))
}

// mirror returns what syncs the mirror, or nil where there is none.
func (c serveCommand) mirror(db *store.Store, log *slog.Logger) (*job.Sync, error) {
	if c.Advisories == "" {
		return nil, nil
	}
	m, err := mirror.Open(c.Advisories, mirror.Options{UserAgent: userAgent(), Offline: c.Offline})
	if err != nil {
		return nil, fmt.Errorf("--advisories: %w", err)
	}
	return job.NewSync(db, m, c.Ecosystems, log), nil
}

// serveHTTP serves until ctx ends and lets requests under way finish.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	requests, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	var answering sync.WaitGroup
	server := &http.Server{
		Handler: paced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answering.Add(1)
			defer answering.Done()
			handler.ServeHTTP(w, r)
		})),
		BaseContext:       func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      answerTime,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	// Subscriptions end only with their context: half of the grace is theirs.
	timer := time.AfterFunc(shutdownGrace/2, hangUp)
	defer timer.Stop()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	// The server does not wait for connections that it has handed over, as for
	// WebSocket: they have the rest of the grace.
	hangUp()
	left := make(chan struct{})
	go func() {
		answering.Wait()
		close(left)
	}()
	select {
	case <-left:
	case <-grace.Done():
	}
	return nil
}
