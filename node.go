package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"loadline/store"
	"loadline/upstream"
)

// keepNode gives signs of life of this process until ctx ends, and has it take
// its part, and no more, of the calls that the sources allow all of them.
func keepNode(ctx context.Context, db *store.Store, role string, sources []*upstream.Client, log *slog.Logger) {
	name := processName()
	defer func() {
		if err := db.Leave(context.WithoutCancel(ctx), name); err != nil {
			log.Error("node not signed off", "error", err)
		}
	}()
	tick := time.NewTicker(store.BeatEvery)
	defer tick.Stop()
	for nodes := 1; ; {
		live, err := db.Beat(ctx, name, role)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("no sign of life given", "error", err)
		case live != nodes:
			nodes = live
			for _, c := range sources {
				c.Share(nodes)
			}
			log.Info("nodes share the database", "nodes", nodes)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// shown returns what of the handler the process shows in its role.
func (c serveCommand) shown(all http.Handler) http.Handler {
	if c.answers() {
		return all
	}
	mux := http.NewServeMux()
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		mux.Handle(path, all)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "this process works in the background; ask one with --role web or all", http.StatusNotFound)
	})
	return mux
}
