// Command bench measures Loadline as a user meets it: the real program, a real
// database, and stand-in upstreams over HTTP that take a while to answer.
//
//	go run ./bench
//
// asks for the same report from Loadline and, where they are installed, from
// other servers, and prints what that takes and costs. docs/performance.md has
// what came of it, and what else there is:
//
//	go run ./bench question    the whole question, of a fresh server
//	go run ./bench mirror      sync and scan
//	go run ./bench stored      the report beside few and beside many components
//	go run ./bench kill        servers that are killed at random moments
//	go run ./bench sizing      what an installation needs
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	commands := map[string]func(context.Context, []string, io.Writer) error{
		"question":  runQuestion,
		"kill":      runKill,
		"mirror":    runMirror,
		"sizing":    runSizing,
		"stored":    runStored,
		"upstreams": runUpstreams,
	}
	if len(args) > 0 {
		if command, ok := commands[args[0]]; ok {
			return command(ctx, args[1:], stdout)
		}
	}
	return runReport(ctx, args, stdout)
}
