package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"loadline/mirror"
	"loadline/store"
)

// Sync brings a mirror of advisories into the database.
type Sync struct {
	Advisories string   `help:"A mirror of OSV's bulk exports: a directory or a URL." required:"" env:"LOADLINE_ADVISORIES" placeholder:"DIR|URL"`
	Ecosystems []string `help:"The ecosystems to bring, as OSV names them; all: those that the mirror has; used: those of the packages in the database." default:"all" env:"LOADLINE_ECOSYSTEMS" placeholder:"all|used|NAME,…"`

	DatabaseFlags
}

// Run syncs. Its error says which parts failed; the others are in the database.
func (s Sync) Run(ctx context.Context, out Output) error {
	source, err := mirror.Open(s.Advisories, mirror.Options{UserAgent: out.UserAgent})
	if err != nil {
		return fmt.Errorf("--advisories: %w", err)
	}
	log := slog.New(slog.NewTextHandler(out.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	db, err := s.Open(ctx, store.Options{Logger: log, Now: time.Now, NoMap: true})
	if err != nil {
		return err
	}
	defer db.Close()
	began := time.Now()
	bar := newProgress(out.Stderr)
	result, err := source.Sync(ctx, db, mirror.Request{Ecosystems: s.Ecosystems, Progress: bar.ofMirror})
	bar.clear()
	warn(out.Stderr, result)
	if err != nil {
		return err
	}
	if err := summarise(out.Stdout, result, time.Since(began)); err != nil {
		return fmt.Errorf("sync: write the summary: %w", err)
	}
	if n := failures(result); n > 0 {
		return fmt.Errorf("sync: %d of %d parts could not be brought; what was held of them is still there", n, len(result.Dumps)+len(result.Files))
	}
	return nil
}

func failures(r mirror.Result) int {
	n := 0
	for _, d := range r.Dumps {
		if d.Err != nil {
			n++
		}
	}
	for _, f := range r.Files {
		if f.Err != nil {
			n++
		}
	}
	return n
}

// summarise writes what a sync did, for people.
func summarise(w io.Writer, r mirror.Result, took time.Duration) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.DiscardEmptyColumns)
	fmt.Fprintln(table, "PART\tRECORDS\tNEW\tCHANGED\tGONE\tLEFT OUT\tSTATE\t")
	records := 0
	for _, d := range r.Dumps {
		state := "synced"
		switch {
		case d.Err != nil:
			state = "failed"
		case d.Missing:
			state = "not in the mirror"
		case d.Unchanged:
			state = "unchanged"
		}
		records += d.Records
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t\n", d.Ecosystem, d.Records, d.Added, d.Changed, d.Removed, d.Skipped, state)
	}
	for _, f := range r.Files {
		state := "synced"
		switch {
		case f.Err != nil:
			state = "failed"
		case f.Missing:
			state = "not in the mirror"
		case f.Unchanged:
			state = "unchanged"
		}
		fmt.Fprintf(table, "%s\t%d\t\t\t\t%d\t%s\t\n", f.Name, f.Records, f.Skipped, state)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d records of %d ecosystems in %s.\n", records, len(r.Dumps), took.Round(10*time.Millisecond))
	return err
}

// Validate names the flag whose value cannot be used.
func (s Sync) Validate() error {
	if len(s.Ecosystems) == 0 {
		return errors.New("--ecosystems: give all, used, or names such as npm,Go")
	}
	for _, e := range s.Ecosystems {
		if strings.TrimSpace(e) == "" {
			return errors.New("--ecosystems: one of the names is empty")
		}
	}
	return s.DatabaseFlags.Validate()
}
