package main

import (
	"context"
	"errors"

	"loadline/cli"
)

// demoCommand are the flags of demo.
type demoCommand struct {
	Listen string `help:"Address to listen on." default:"127.0.0.1:8080" env:"LOADLINE_LISTEN" placeholder:"HOST:PORT"`
	logFlags
}

// Run serves the demo until ctx ends.
func (c demoCommand) Run(ctx context.Context, out cli.Output) error {
	return errors.New("demo: not yet")
}
