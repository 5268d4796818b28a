package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"loadline/bench/standin"
	"loadline/cli"
	"loadline/demo"
	"loadline/job"
)

// demoAddress is where the demo listens if it may choose and the port is free.
const demoAddress = "127.0.0.1:8080"

//go:embed web/examples/1-the-question.graphql
var theQuestion string

// demoCommand are the flags of demo.
type demoCommand struct {
	Listen   string `help:"Address to listen on; by default 127.0.0.1:8080, or another port if that one is taken." env:"LOADLINE_LISTEN" placeholder:"HOST:PORT"`
	LogLevel string `help:"The least that is logged: debug, info, warn or error." enum:"debug,info,warn,error" default:"warn" env:"LOADLINE_LOG_LEVEL"`
}

// Run serves the demo until ctx ends. Nothing that it wrote remains.
func (c demoCommand) Run(ctx context.Context, out cli.Output) error {
	upstreams, err := demo.Upstreams()
	if err != nil {
		return err
	}
	listener, err := c.listen()
	if err != nil {
		return err
	}
	return c.serve(ctx, listener, upstreams, out)
}

// listen listens where the flag says; without the flag any port will do.
func (c demoCommand) listen() (net.Listener, error) {
	if c.Listen != "" {
		listener, err := net.Listen("tcp", c.Listen)
		if err != nil {
			return nil, fmt.Errorf("--listen %s: %w", c.Listen, err)
		}
		return listener, nil
	}
	listener, err := net.Listen("tcp", demoAddress)
	if errors.Is(err, syscall.EADDRINUSE) {
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	return listener, nil
}

// serve serves the samples on the listener until ctx ends, with data in place of
// the upstreams.
func (c demoCommand) serve(ctx context.Context, listener net.Listener, data fs.FS, out cli.Output) (err error) {
	defer listener.Close()
	// A reader of the screen that goes away, such as head, would otherwise end the
	// process before it has tidied up.
	signal.Ignore(syscall.SIGPIPE)
	defer signal.Reset(syscall.SIGPIPE)
	log := logFlags{LogLevel: c.LogLevel, LogFormat: "text"}.logger(out.Stderr)
	documents, err := demo.Documents()
	if err != nil {
		return err
	}
	upstreams, err := playUpstreams(data)
	if err != nil {
		return err
	}
	defer upstreams.Close()
	dir, err := os.MkdirTemp("", "loadline-demo-")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	server := serveCommand{
		DatabaseFlags: cli.DatabaseFlags{Database: filepath.Join(dir, "demo.db")},
		Introspection: true,
		MaxUpload:     64 << 20,
		Upstreams:     cli.Upstreams{OSVURL: upstreams.url, EPSSURL: upstreams.url, KEVURL: upstreams.url, DepsDevURL: upstreams.url},
	}
	accept := func(ctx context.Context, ingest *job.Ingest) error {
		for _, d := range documents {
			u := job.Upload{Project: d.Project, Release: d.Release, FileName: d.FileName, Content: bytes.NewReader(d.Content), By: "loadline demo"}
			if _, _, err := ingest.Accept(ctx, u); err != nil {
				return fmt.Errorf("demo: %s %s: %w", d.Project, d.Release, err)
			}
		}
		return nil
	}
	serving, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- server.serve(serving, listener, log, accept) }()

	// The listener takes connections from the start; they are answered as soon as
	// the server is ready.
	tour := demo.Tour{URL: localURL(listener.Addr()), Question: theQuestion, Releases: len(documents), Out: out.Stdout}
	tourErr := tour.Show(ctx)
	if tourErr != nil {
		stop()
	}
	switch err := <-served; {
	case ctx.Err() != nil && (err == nil || errors.Is(err, ctx.Err())):
		return nil
	case err != nil:
		return err
	default:
		return tourErr
	}
}

// localURL is where a browser on this machine finds what listens on the address.
func localURL(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return "http://" + address.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// demoUpstreams plays the upstreams on a port of the loopback interface.
type demoUpstreams struct {
	*http.Server
	url string
}

func playUpstreams(data fs.FS) (demoUpstreams, error) {
	known, err := standin.Load(data, nil)
	if err != nil {
		return demoUpstreams{}, fmt.Errorf("demo: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return demoUpstreams{}, fmt.Errorf("demo: %w", err)
	}
	server := &http.Server{
		Handler: standin.New(standin.Config{
			Data:    known,
			Latency: standin.Latency{Median: 20 * time.Millisecond, P95: 35 * time.Millisecond},
		}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	go func() { _ = server.Serve(listener) }()
	return demoUpstreams{Server: server, url: "http://" + listener.Addr().String()}, nil
}
