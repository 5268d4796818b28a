package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

// runMirror measures the mirror: how fast it is synced, and how fast real
// documents are matched with it, beside osv-scanner where that is installed. It
// runs the programs as a user would.
func runMirror(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench mirror", flag.ContinueOnError)
	advisories := flags.String("advisories", "../shared/data/advisories", "a mirror: a directory")
	documents := flags.String("documents", "../shared/data/sboms/public", "a directory of documents, each with NAME.expected.json beside it")
	copies := flags.Int("copies", 10, "how many times as large the mirror is that is synced last; 0: none")
	rounds := flags.Int("rounds", 1, "how often each document is scanned, by the programs in turn; medians count")
	peer := flags.String("peer", "osv-scanner", "the program to compare with; left out where it is not installed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *rounds < 1 {
		return errors.New("bench mirror: -rounds: give 1 or more")
	}
	program, clean, err := build(ctx)
	if err != nil {
		return err
	}
	defer clean()
	dir, err := os.MkdirTemp("", "loadline-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	database := filepath.Join(dir, "bench.db")
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "sync\trecords\twall\tCPU\trecords/s\tpeak memory\tdatabase\t")
	sync := func(name, mirror, database string) error {
		c, out, err := spend(ctx, dir, program, "sync", "--advisories", mirror, "--database", database)
		if err != nil {
			return err
		}
		records := lastNumber(out)
		info, err := os.Stat(database)
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%.0f\t%d MB\t%d MB\t\n", name, records, c.wall.Round(time.Millisecond), c.cpu.Round(time.Millisecond),
			float64(records)/c.wall.Seconds(), c.memory>>20, info.Size()>>20)
		return nil
	}
	if err := sync("full", *advisories, database); err != nil {
		return err
	}
	if err := sync("again, unchanged", *advisories, database); err != nil {
		return err
	}
	if *copies > 0 {
		large := filepath.Join(dir, "large")
		if err := enlarge(*advisories, large, *copies); err != nil {
			return err
		}
		if err := sync(fmt.Sprintf("full, %d times as large", *copies), large, filepath.Join(dir, "large.db")); err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(stdout)
	return match(ctx, stdout, dir, program, *advisories, database, *documents, *peer, *rounds)
}

// match scans the documents one by one with each program.
func match(ctx context.Context, stdout io.Writer, dir, program, advisories, database, documents, peer string, rounds int) error {
	names, err := filepath.Glob(filepath.Join(documents, "*.expected.json"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no documents in %s: %w", documents, err)
	}
	var files []string
	for i, name := range names {
		content, err := os.ReadFile(strings.TrimSuffix(name, ".expected.json"))
		if err != nil {
			return err
		}
		// osv-scanner knows lockfiles by their whole names.
		file := filepath.Join(dir, fmt.Sprint(i), canonical(strings.TrimSuffix(filepath.Base(name), ".expected.json")))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return err
		}
		files = append(files, file)
	}
	ways := []way{
		{"loadline, mirror synced", program, []string{"scan", "--offline", "--format", "json", "--database", database}},
		{"loadline, from cold", program, []string{"scan", "--offline", "--format", "json", "--advisories", advisories}},
	}
	if path, err := exec.LookPath(peer); err == nil {
		local := filepath.Join(dir, "peer")
		if err := peerDatabase(advisories, local); err != nil {
			return err
		}
		ways = append(ways, way{peer + ", from cold", path, []string{"scan", "source", "--offline", "--local-db-path", local,
			"--format", "json", "--all-packages", "--all-vulns", "--no-ignore", "-L"}})
	}
	components := 0
	costs := make([][]cost, len(ways))
	for _, file := range files {
		spent := make([][]cost, len(ways))
		for round := range rounds {
			for i, w := range ways {
				c, out, err := spend(ctx, filepath.Dir(file), w.program, append(slices.Clone(w.args), file)...)
				if err != nil {
					return err
				}
				spent[i] = append(spent[i], c)
				if i == 0 && round == 0 {
					var report struct{ Components []json.RawMessage }
					if err := json.Unmarshal(out, &report); err != nil {
						return err
					}
					components += len(report.Components)
				}
			}
		}
		for i := range ways {
			costs[i] = append(costs[i], median(spent[i]))
		}
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "scan of %d documents, %d components\twall, median\tmax\tCPU\tCPU/component\tcomponents/s\tpeak memory\t\n", len(files), components)
	for i, w := range ways {
		s := sum(costs[i])
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%.0f\t%d MB\t\n", w.name, s.median.Round(time.Millisecond), s.max.Round(time.Millisecond),
			s.cpu.Round(time.Millisecond), (s.cpu / time.Duration(components)).Round(time.Microsecond), float64(components)/s.wall.Seconds(), s.memory>>20)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(ways) > 2 {
		compare(stdout, names, costs[1], costs[2])
	}
	return nil
}

// compare tells on which documents a program took longer than another from cold.
// Those that the other gives up on, with an error and no findings, are told apart.
func compare(stdout io.Writer, names []string, own, others []cost) {
	compared, slower, dearer := 0, 0, 0
	for i, c := range own {
		if others[i].refused {
			continue
		}
		compared++
		if c.cpu > others[i].cpu {
			dearer++
		}
		if c.wall > others[i].wall {
			slower++
			fmt.Fprintf(stdout, "slower from cold: %s (%s of CPU %s; %s of CPU %s)\n", strings.TrimSuffix(filepath.Base(names[i]), ".expected.json"),
				c.wall.Round(time.Millisecond), c.cpu.Round(time.Millisecond), others[i].wall.Round(time.Millisecond), others[i].cpu.Round(time.Millisecond))
		}
	}
	fmt.Fprintf(stdout, "from cold, of %d documents, loadline is slower on %d and takes more CPU on %d; %d more the other tool refuses\n",
		compared, slower, dearer, len(own)-compared)
}

// median is the cost in the middle, each part by itself.
func median(costs []cost) cost {
	pick := func(by func(cost) int64) int64 {
		values := make([]int64, len(costs))
		for i, c := range costs {
			values[i] = by(c)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return cost{
		wall:    time.Duration(pick(func(c cost) int64 { return int64(c.wall) })),
		cpu:     time.Duration(pick(func(c cost) int64 { return int64(c.cpu) })),
		memory:  pick(func(c cost) int64 { return c.memory }),
		refused: costs[0].refused,
	}
}

// way is a program and the arguments before the file.
type way struct {
	name, program string
	args          []string
}

// cost is what a run of a program took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // the most it held, in bytes
	refused   bool  // it gave up with an error
}

// spend runs a program in a folder. Findings are no failure.
func spend(ctx context.Context, dir, program string, args ...string) (cost, []byte, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = dir
	var out, log bytes.Buffer
	command.Stdout, command.Stderr = &out, &log
	if dirArg := slices.Index(args, "--advisories"); dirArg >= 0 {
		absolute, err := filepath.Abs(args[dirArg+1])
		if err != nil {
			return cost{}, nil, err
		}
		command.Args[dirArg+2] = absolute
	}
	began := time.Now()
	err := command.Run()
	c := cost{wall: time.Since(began)}
	// 1: findings; 127 and 128: osv-scanner's words for an error and for no packages.
	var exit *exec.ExitError
	if errors.As(err, &exit) && slices.Contains([]int{1, 127, 128}, exit.ExitCode()) {
		err = nil
		c.refused = exit.ExitCode() == 127
	}
	if err != nil {
		return cost{}, nil, fmt.Errorf("%s %s: %w\n%s", filepath.Base(program), args[0], err, log.Bytes())
	}
	c.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = usage.Maxrss << 10 // Linux counts in KiB
	}
	return c, out.Bytes(), nil
}

// total is what runs took together.
type total struct {
	cost
	median, max time.Duration
}

func sum(costs []cost) total {
	var t total
	walls := make([]time.Duration, len(costs))
	for i, c := range costs {
		walls[i] = c.wall
		t.wall += c.wall
		t.cpu += c.cpu
		t.memory = max(t.memory, c.memory)
	}
	slices.Sort(walls)
	t.median, t.max = walls[len(walls)/2], walls[len(walls)-1]
	return t
}

// lastNumber is the number that the last line of a summary starts with.
func lastNumber(out []byte) int {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	n := 0
	if _, err := fmt.Sscan(string(lines[len(lines)-1]), &n); err != nil {
		return 0
	}
	return n
}

// canonical is the name that tools know a lockfile by.
func canonical(name string) string {
	for _, known := range []string{"package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.mod", "requirements.txt", "poetry.lock", "Pipfile.lock",
		"pdm.lock", "uv.lock", "Cargo.lock", "pom.xml", "gradle.lockfile", "Gemfile.lock", "composer.lock", "packages.lock.json", "packages.config", "deps.json"} {
		if strings.HasSuffix(name, known) && known != "deps.json" {
			return known
		}
	}
	return name
}

// peerDatabase lays a mirror out as osv-scanner wants it. An archive that is
// missing would end its scan, so there is an empty one for each other ecosystem.
func peerDatabase(advisories, to string) error {
	for _, ecosystem := range []string{"Alpine", "Debian", "Ubuntu", "GitHub Actions", "Go", "Hex", "Maven", "NuGet", "Packagist", "Pub", "PyPI",
		"RubyGems", "SwiftURL", "crates.io", "npm", "ConanCenter", "CRAN", "Hackage", "GHC", "Bitnami", "Wolfi", "Chainguard", "Red Hat",
		"Rocky Linux", "AlmaLinux", "SUSE", "openSUSE", "MinimOS", "Mageia", "openEuler", "Echo", "GIT", "OSS-Fuzz", "Linux", "Android"} {
		content, err := os.ReadFile(filepath.Join(advisories, ecosystem, "all.zip"))
		if err != nil {
			var b bytes.Buffer
			if err := zip.NewWriter(&b).Close(); err != nil {
				return err
			}
			content = b.Bytes()
		}
		file := filepath.Join(to, "osv-scalibr", ecosystem, "all.zip")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// enlarge copies a mirror's archives with each record n times under other ids.
func enlarge(from, to string, n int) error {
	archives, err := filepath.Glob(filepath.Join(from, "*", "all.zip"))
	if err != nil {
		return err
	}
	for _, path := range archives {
		if err := enlargeArchive(path, filepath.Join(to, filepath.Base(filepath.Dir(path)), "all.zip"), n); err != nil {
			return fmt.Errorf("enlarge %s: %w", path, err)
		}
	}
	return nil
}

func enlargeArchive(from, to string, n int) (err error) {
	r, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z := zip.NewWriter(f)
	for _, record := range r.File {
		in, err := record.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(in)
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
		id := strings.TrimSuffix(record.Name, ".json")
		for i := range n {
			other := fmt.Sprintf("%s-%d", id, i)
			w, err := z.Create(other + ".json")
			if err != nil {
				return err
			}
			if _, err := w.Write(bytes.ReplaceAll(content, []byte(`"`+id+`"`), []byte(`"`+other+`"`))); err != nil {
				return err
			}
		}
	}
	return z.Close()
}
