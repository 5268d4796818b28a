package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// prefix names gqlgen's functions that shortcuts stand before.
const prefix = "plain"

// rename makes room for the shortcuts in what gqlgen has generated, in one file
// or in several of the same folder.
func (s *shortcuts) rename(exec string) error {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(exec), "*.go"))
	if err != nil {
		return err
	}
	var from, to []string
	for _, o := range s.objects {
		from = append(from, "func (ec *executionContext) _"+o.Name+"(ctx context.Context, sel ast.SelectionSet, obj ")
		to = append(to, "func (ec *executionContext) "+prefix+"_"+o.Name+"(ctx context.Context, sel ast.SelectionSet, obj ")
	}
	for _, l := range s.lists {
		from = append(from, "func (ec *executionContext) "+l.Func+"(ctx context.Context, sel ast.SelectionSet, v ")
		to = append(to, "func (ec *executionContext) "+prefix+"_"+l.Func+"(ctx context.Context, sel ast.SelectionSet, v ")
	}
	from = append(from,
		"type executionContext struct {\n",
		"return &executionContext{\n")
	to = append(to,
		"type executionContext struct {\n\tshortcuts *operation\n",
		"return &executionContext{\n\t\tshortcuts: begin(opCtx, execSchema.Resolvers),\n")

	found := make([]int, len(from))
	for _, name := range files {
		if filepath.Base(name) == filename {
			continue
		}
		code, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		renamed := code
		for i := range from {
			found[i] += bytes.Count(renamed, []byte(from[i]))
			renamed = bytes.ReplaceAll(renamed, []byte(from[i]), []byte(to[i]))
		}
		if !bytes.Equal(renamed, code) {
			if err := os.WriteFile(name, renamed, 0o644); err != nil {
				return err
			}
		}
	}
	if i := slices.IndexFunc(found, func(n int) bool { return n != 1 }); i >= 0 {
		return fmt.Errorf("gqlgen's code has %q %d times, not once: see what has changed and bring the shortcuts up to date", strings.TrimSpace(from[i]), found[i])
	}
	return nil
}
