// Command standin serves the stand-in upstreams until it is interrupted:
//
//	go run ./bench/standin/cmd --listen 127.0.0.1:18080 --advisories DIR --latency 20ms
//
// The first line on standard output is the base URL of all four upstreams.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"loadline/bench/standin"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("standin", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var (
		config  standin.Config
		listen  = flags.String("listen", "127.0.0.1:18080", "`address` to listen on; port 0 takes a free one")
		dir     = flags.String("advisories", "", "`directory` laid out as a mirror; without it the sample records are served")
		verbose = flags.Bool("verbose", false, "log every call")
	)
	flags.DurationVar(&config.Latency.Median, "latency", 0, "how long a call takes")
	flags.DurationVar(&config.Latency.P95, "p95", 0, "the 95th percentile of that, where it is to vary")
	flags.IntVar(&config.Pages.Query, "query-page", 0, "records in a page of /v1/query (3000)")
	flags.IntVar(&config.Pages.Batch, "batch-page", 0, "ids in a page of one query of /v1/querybatch (1000)")
	flags.IntVar(&config.Pages.DepsDev, "depsdev-page", 0, "responses in a page of a deps.dev batch (1000)")
	flags.BoolVar(&config.Pages.TokenFirst, "token-first", false, "answer the first page of every OSV query with a token alone")
	flags.Func("fault", "`[ON=]KIND[,first=N][,every=N][,retry-after=TEXT][,pause=DURATION]`, as in osv.querybatch=429,first=2; may be repeated", func(text string) error {
		rule, err := standin.ParseRule(text)
		config.Faults = append(config.Faults, rule)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: there are only flags", flags.Arg(0))
	}
	level := slog.LevelInfo
	if *verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	if *verbose {
		config.Logger = log
	}
	if *dir != "" {
		start := time.Now()
		data, err := standin.Load(os.DirFS(*dir), log)
		if err != nil {
			return fmt.Errorf("--advisories %s: %w", *dir, err)
		}
		log.Info("data loaded", "records", data.Records(), "took", time.Since(start))
		config.Data = data
	}
	return serve(ctx, *listen, standin.New(config), stdout)
}

func serve(ctx context.Context, address string, handler *standin.Server, stdout io.Writer) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", address, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(stdout, "http://%s\n", listener.Addr())

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	handler.ClearFaults() // calls that hang would hold up the shutdown
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return server.Shutdown(stop)
}
