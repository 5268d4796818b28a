package mirror_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/mirror"
	"loadline/store"
	"loadline/store/storetest"
)

// In the process that is killed these name the database and the mirror.
const (
	killedDatabase = "LOADLINE_TEST_DATABASE"
	killedMirror   = "LOADLINE_TEST_MIRROR"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(killedDatabase); file != "" {
		if err := syncAlone(file, os.Getenv(killedMirror)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func syncAlone(file, dir string) error {
	s, err := store.Open(context.Background(), store.Options{DSN: file})
	if err != nil {
		return err
	}
	defer s.Close()
	m, err := mirror.Open(dir, mirror.Options{})
	if err != nil {
		return err
	}
	_, err = m.Sync(context.Background(), s, mirror.Request{Ecosystems: []string{"npm"}})
	return err
}

// TestKilledSyncLeavesAMirror kills syncs at random moments. After each the
// database answers as before it or as after it, and the last one finishes.
func TestKilledSyncLeavesAMirror(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it starts and kills many processes")
	}
	file := storetest.DSN(t)
	var dirs [2]string
	var states [2]map[string]string
	var scores [2]float64
	for i, fixed := range []string{"1.0.0", "2.0.0"} {
		dirs[i], states[i], scores[i] = t.TempDir(), map[string]string{}, float64(i+1)/4
		var records []sample
		table := "#model_version:v1,score_date:2026-03-01T00:00:00Z\ncve,epss,percentile\n"
		for n := range 4000 {
			// Every second id is in both states, and some in one of them alone.
			r := sample{id: fmt.Sprintf("S%d-%d", i*(n%2), n), fixed: fixed, aliases: []string{fmt.Sprintf("CVE-2026-%05d", n)}}
			records, states[i][r.id] = append(records, r), fixed
			table += fmt.Sprintf("CVE-2026-%05d,%v,0.5\n", n, scores[i])
		}
		write(t, dirs[i], "npm", records...)
		put(t, filepath.Join(dirs[i], "epss.csv"), []byte(table))
	}
	if err := syncAlone(file, dirs[0]); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	run(t, file, dirs[1])
	whole := time.Since(began)
	killed := 0
	for round := range 12 {
		command := command(t, file, dirs[round%2])
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(rand.N(whole), func() { _ = command.Process.Kill() })
		if command.Wait() != nil {
			killed++
		}
		timer.Stop()
		checkEither(t, file, states, scores)
	}
	for i := range dirs {
		run(t, file, dirs[i])
		s, err := store.Open(t.Context(), store.Options{DSN: file})
		if err != nil {
			t.Fatal(err)
		}
		wantHeld(t, s, states[i])
		if r := sync(t, s, dirs[i], "npm"); !r.Dumps[0].Unchanged || r.Dumps[0].Added+r.Dumps[0].Changed+r.Dumps[0].Removed > 0 {
			t.Errorf("something was left to do: %+v", r.Dumps[0])
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("killed %d of 12 syncs", killed)
}

func command(t *testing.T, file, dir string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), killedDatabase+"="+file, killedMirror+"="+dir)
	return c
}

func run(t *testing.T, file, dir string) {
	t.Helper()
	if out, err := command(t, file, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// checkEither checks that the database holds one state or the other, whole.
func checkEither(t *testing.T, file string, states [2]map[string]string, shares [2]float64) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{DSN: file})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := held(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(got, states[0]) && !cmp.Equal(got, states[1]) {
		t.Errorf("%d records, neither one state nor the other", len(got))
	}
	var cves []string
	for n := range len(states[0]) {
		cves = append(cves, fmt.Sprintf("CVE-2026-%05d", n))
	}
	rows, _, err := s.MirroredScores(t.Context(), cves)
	if err != nil {
		t.Fatal(err)
	}
	by := map[float64]int{}
	for _, r := range rows {
		by[r.Probability]++
	}
	if by[shares[0]] != len(cves) && by[shares[1]] != len(cves) {
		t.Errorf("scores: %v, neither one state nor the other", by)
	}
}
