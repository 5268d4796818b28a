package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// uploaders, askers and watchers are how many clients of each sort there are.
	uploaders, askers, watchers = 16, 4, 4
	// patience is how long after the last start everything may take to be as it
	// should.
	patience = 2 * time.Minute
)

// killing is a run of runKill.
type killing struct {
	fleet   *fleet
	clients *clients
	mirror  *movingMirror
	kills   int
	longest time.Duration // the longest life of a server that is killed at a random moment
	every   time.Duration // how often one of them is killed instead; 0: not
	stdout  io.Writer
}

// runKill kills servers while they take uploads, bring them in, sync a mirror that
// changes, answer questions and tell subscribers, and then looks whether all that
// was accepted is there, and all is as it should be.
func runKill(ctx context.Context, args []string, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("kill", flag.ContinueOnError)
	database := flags.String("database", "", "a database of its own: a file or postgres://…; a fresh SQLite file by default")
	kills := flags.Int("kills", 50, "how often a server is killed")
	nodes := flags.Int("nodes", 1, "servers at a time; more than one only on PostgreSQL")
	longest := flags.Duration("longest", 3*time.Second, "the longest life of a server, which ends at a random moment")
	every := flags.Duration("every", 0, "instead of that, kill one of the servers at this interval")
	components := flags.Int("components", 2000, "components of each document")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *kills < *nodes {
		return fmt.Errorf("-kills: %d is less than the number of servers, all of which are killed at the end", *kills)
	}
	dir, err := os.MkdirTemp("", "loadline-kill-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if *database == "" {
		*database = filepath.Join(dir, "kill.db")
	}
	mirror, err := newMovingMirror(filepath.Join(dir, "mirror"))
	if err != nil {
		return err
	}
	program, clean, err := build(ctx)
	if err != nil {
		return err
	}
	defer clean()
	f := &fleet{
		program:  program,
		database: *database,
		flags:    []string{"--offline", "--workers", "2", "--advisories", mirror.dir, "--ecosystems", "all", "--sync-every", "1m"},
		tries:    newTries(),
		live:     make([]*server, *nodes),
	}
	k := &killing{
		fleet:   f,
		clients: &clients{fleet: f, components: *components, again: map[string]int{}},
		mirror:  mirror,
		kills:   *kills,
		longest: *longest,
		every:   *every,
		stdout:  stdout,
	}
	return k.run(ctx)
}

func (k *killing) run(ctx context.Context) error {
	// The clients outlive those who kill, and the servers outlive the clients.
	servers, stopServers := context.WithCancel(ctx)
	defer stopServers()
	defer k.fleet.killAll()
	if err := k.fleet.start(servers); err != nil {
		return err
	}
	document, components := watchedDocument()
	if _, ok := k.clients.upload(ctx, watchedProject, document, components); !ok {
		return errors.Join(errors.New("the first upload was not accepted"), ctx.Err())
	}

	busy, stop := context.WithCancel(ctx)
	defer stop()
	last, hangUp := context.WithCancel(ctx)
	defer hangUp()
	var followers, watching sync.WaitGroup
	revisions := make([]int, watchers)
	for i := range watchers {
		watching.Go(func() { revisions[i] = k.clients.followFindings(last, transports[i%len(transports)]) })
	}
	for i := range uploaders {
		followers.Go(func() { k.clients.keepUploading(busy, last, transports[i%len(transports)]) })
	}
	for range askers {
		followers.Go(func() { k.clients.keepAsking(busy) })
	}
	var turning errgroup.Group
	turning.Go(func() error { return k.mirror.keepTurning(busy) })

	began := time.Now()
	err := k.kill(servers)
	took := time.Since(began)
	stop()
	if err = errors.Join(err, turning.Wait()); err != nil {
		return err
	}
	// What the last servers find is the mirror's last state.
	k.fleet.killAll()
	began = time.Now()
	if err := k.fleet.start(servers); err != nil {
		return err
	}
	k.describe(took)
	err = k.check(ctx, began, &followers)
	if err == nil {
		err = k.checkWatchers(ctx, hangUp, &watching, revisions)
	}
	return k.verdict(err)
}

// kill kills all but the last servers.
func (k *killing) kill(ctx context.Context) error {
	kills := k.kills - len(k.fleet.live)
	if k.every > 0 {
		return k.fleet.killEvery(ctx, kills, k.every)
	}
	return k.fleet.killRandomly(ctx, kills, k.longest)
}
