package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"text/tabwriter"
	"time"

	"loadline/bench/standin"
)

// chain is how many upstream calls in a row the question waits for when nothing
// is known: querybatch, the records, their scores.
const chain = 3

// runQuestion measures the question of a fresh server, when nothing is known and
// when everything is.
func runQuestion(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("bench question", flag.ContinueOnError)
	rounds := flags.Int("rounds", 9, "how often each question is asked, each time of a fresh server")
	components := flags.Int("components", 100, "components of the release")
	latency := flags.Duration("latency", 20*time.Millisecond, "how long an upstream call takes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	data, document, err := questionData(*components)
	if err != nil {
		return err
	}
	upstreams := standin.New(standin.Config{Data: data, Latency: standin.Latency{Median: *latency}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	stand := &http.Server{Handler: upstreams, ReadHeaderTimeout: time.Second}
	go func() { _ = stand.Serve(listener) }()
	defer stand.Close()

	program, clean, err := build(ctx)
	if err != nil {
		return err
	}
	defer clean()
	var cold, warm []measurement
	for range *rounds {
		c, w, err := round(ctx, program, "http://"+listener.Addr().String(), upstreams, document)
		if err != nil {
			return err
		}
		cold, warm = append(cold, c), append(warm, w)
	}
	return report(stdout, *components, *latency, cold, warm)
}

// measurement is one question.
type measurement struct {
	took       time.Duration
	cpu        time.Duration // of the server
	statements int
	calls      int
	counts     standin.Counts
}

// round asks the question of a fresh server twice: when nothing is known, and
// when everything is. Connections and code are warmed up by a question about
// something else.
func round(ctx context.Context, program, base string, upstreams *standin.Server, document []byte) (cold, warm measurement, err error) {
	s, err := start(ctx, program, "", sources(base)...)
	if err != nil {
		return cold, warm, err
	}
	defer s.stop()
	if err := s.put(ctx, "warmup", "1", warmup); err != nil {
		return cold, warm, err
	}
	if _, err := s.ask(ctx, "warmup", "1"); err != nil {
		return cold, warm, err
	}
	if err := s.put(ctx, "shop", "1", document); err != nil {
		return cold, warm, err
	}
	upstreams.Reset()
	if cold, err = s.ask(ctx, "shop", "1"); err != nil {
		return cold, warm, err
	}
	cold.counts = upstreams.Counts()
	warm, err = s.ask(ctx, "shop", "1")
	return cold, warm, err
}

func report(w io.Writer, components int, latency time.Duration, cold, warm []measurement) error {
	floor := chain * latency
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "question over %d components\tmedian\tmin\tmax\tchain of %d calls\tmedian/chain\tCPU of the server\tSQL statements\tupstream calls\t\n", components, chain)
	for _, row := range []struct {
		name  string
		all   []measurement
		floor time.Duration
	}{{"nothing known", cold, floor}, {"everything known", warm, 0}} {
		slices.SortFunc(row.all, func(a, b measurement) int { return int(a.took - b.took) })
		median := row.all[len(row.all)/2]
		ratio, chained := "-", "-"
		if row.floor > 0 {
			ratio, chained = fmt.Sprintf("%.2f", float64(median.took)/float64(row.floor)), row.floor.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t\n", row.name,
			median.took.Round(100*time.Microsecond), row.all[0].took.Round(100*time.Microsecond), row.all[len(row.all)-1].took.Round(100*time.Microsecond),
			chained, ratio, medianCPU(row.all).Round(100*time.Microsecond), median.statements, median.calls)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\ncalls of one question when nothing is known, as the upstreams counted them:")
	counts := cold[0].counts
	for _, e := range []standin.Endpoint{standin.OSVQueryBatch, standin.OSVVuln, standin.EPSSScores, standin.KEVCatalogue, standin.DepsDevVersionBatch, standin.DepsDevPackage} {
		fmt.Fprintf(w, "  %-22s %4d calls, %d at a time\n", e, counts.Of(e).Calls, counts.Of(e).Peak)
	}
	return nil
}

func medianCPU(all []measurement) time.Duration {
	spent := make([]time.Duration, len(all))
	for i, m := range all {
		spent[i] = m.cpu
	}
	slices.Sort(spent)
	return spent[len(spent)/2]
}
