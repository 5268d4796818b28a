// Command battery serves a schema made to be tried with, by the handler that
// serves Loadline's, until it is told to stop. Its first line of output is its URL.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"loadline/graph"
	"loadline/graph/wire/testserver"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "`HOST:PORT` to listen on")
	hide := flag.Bool("hide-schema", false, "refuse introspection")
	flag.Parse()
	if err := serve(*listen, *hide); err != nil {
		fmt.Fprintln(os.Stderr, "battery:", err)
		os.Exit(1)
	}
}

func serve(listen string, hide bool) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
	const maxUpload = 256 << 20
	handler := graph.Serve(es, slog.New(slog.DiscardHandler), graph.Options{MaxUpload: maxUpload, HideSchema: hide})
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	fmt.Fprintf(os.Stdout, "http://%s/graphql\n", listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}
