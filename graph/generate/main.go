// Command generate makes the executor of a schema: gqlgen's code, and shortcuts
// for plain data in it (see package shortcut).
//
//	go run loadline/graph/generate [gqlgen.yml]
//
// It renames gqlgen's functions that write objects and lists of objects, so that
// the shortcuts take their names and call them where they do not apply. It fails
// when a function is not as expected, which a new release of gqlgen may bring
// about.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	path := "gqlgen.yml"
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	if err := generate(path); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(path string) error {
	if err := os.Chdir(filepath.Dir(path)); err != nil {
		return err
	}
	cfg, err := config.LoadConfig(filepath.Base(path))
	if err != nil {
		return err
	}
	// What is generated compiles only when all of it is there.
	cfg.SkipValidation = true
	s := &shortcuts{}
	if err := api.Generate(cfg, api.AddPlugin(s)); err != nil {
		return err
	}
	if err := s.rename(cfg.Exec.Filename); err != nil {
		return err
	}
	out, err := exec.CommandContext(context.Background(), "go", "build", cfg.Exec.Dir()).CombinedOutput()
	if err != nil {
		return fmt.Errorf("the generated code does not build: %w\n%s", err, out)
	}
	return nil
}
