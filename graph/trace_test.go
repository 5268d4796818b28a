package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"loadline/bench/standin"
	"loadline/graph/wire/wiretest"
)

type span struct{ Start, End int64 }

type traced struct {
	Data       map[string]any
	Extensions struct {
		Cost struct {
			Requested, Actual, Limit, SQLStatements, UpstreamCalls, CacheHits int
		}
		Trace *struct {
			Fields []struct {
				Path []any
				span
			}
			Batches []struct {
				Name string
				Keys int
				span
			}
			Calls []struct {
				Source, Name string
				Attempt      int
				Status       int
				Failed       bool
				span
			}
			Omitted int
		}
	}
}

func (s *server) trace(t *testing.T, header string, body map[string]any) traced {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Loadline-Trace", header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var a traced
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTrace(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	body := map[string]any{"query": question, "variables": theRelease}
	a := s.trace(t, "true", body)
	trace := a.Extensions.Trace
	if trace == nil {
		t.Fatal("no trace")
	}
	fields := map[string]bool{}
	check := func(what string, s span) {
		if s.Start < 0 || s.End < s.Start {
			t.Errorf("%s went from %d to %d µs", what, s.Start, s.End)
		}
	}
	for _, f := range trace.Fields {
		path, _ := json.Marshal(f.Path)
		fields[string(path)] = true
		check(string(path), f.span)
	}
	for _, want := range []string{`["project"]`, `["project","release"]`, `["project","release","components","nodes",2,"findings"]`} {
		if !fields[want] {
			t.Errorf("no field %s in %v", want, fields)
		}
	}
	batches := map[string]int{}
	for _, b := range trace.Batches {
		batches[b.Name] += b.Keys
		check(b.Name, b.span)
	}
	if batches["ProjectsByNames"] != 1 || batches["ReleasesByVersions"] != 1 {
		t.Errorf("batches: %v", batches)
	}
	calls := map[string]int{}
	for _, c := range trace.Calls {
		calls[c.Source+" "+c.Name]++
		check(c.Name, c.span)
		if c.Failed || c.Attempt != 1 {
			t.Errorf("call %+v", c)
		}
	}
	if calls["OSV querybatch"] != 1 || len(trace.Calls) != a.Extensions.Cost.UpstreamCalls {
		t.Errorf("calls %v, and the cost says %d", calls, a.Extensions.Cost.UpstreamCalls)
	}

	if again := s.trace(t, "", map[string]any{"query": question, "variables": theRelease, "extensions": map[string]any{"trace": true}}); again.Extensions.Trace == nil {
		t.Error("no trace for who asks by extension")
	}
	if silent := s.trace(t, "", body); silent.Extensions.Trace != nil {
		t.Error("a trace for who did not ask")
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	cold := s.trace(t, "", map[string]any{"query": question, "variables": theRelease})
	warm := s.trace(t, "", map[string]any{"query": question, "variables": theRelease})
	if got, want := warm.Extensions.Cost.Actual, fieldsOf(warm.Data); got != want {
		t.Errorf("actual is %d, and the answer has %d fields", got, want)
	}
	if c := warm.Extensions.Cost; c.Actual > c.Requested || c.Requested > c.Limit {
		t.Errorf("cost %+v: what comes is more than what was asked for", c)
	}
	if c := cold.Extensions.Cost; c.CacheHits >= warm.Extensions.Cost.CacheHits || c.UpstreamCalls == 0 {
		t.Errorf("cold %+v, warm %+v: nothing is kept", c, warm.Extensions.Cost)
	}
	if c := warm.Extensions.Cost; c.UpstreamCalls != 0 || c.CacheHits == 0 {
		t.Errorf("warm %+v, want hits and no calls", c)
	}
}

// fieldsOf counts the fields of an answer.
func fieldsOf(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, below := range v {
			n += 1 + fieldsOf(below)
		}
	case []any:
		for _, below := range v {
			n += fieldsOf(below)
		}
	}
	return n
}

func TestCostOfParts(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	query := `{ release(project: "shop", version: "1.0") { version ... @defer { components(first: 3) { nodes { name findings { fixedIn } } } } } }`
	text, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "multipart/mixed")
	_, body := wiretest.Exchange(t, req)
	parts := strings.Split(body, "\r\n\r\n")[1:]
	if len(parts) != 2 {
		t.Fatalf("%d parts, want 2:\n%s", len(parts), body)
	}
	for i, part := range parts {
		var a traced
		if err := json.NewDecoder(strings.NewReader(part)).Decode(&a); err != nil {
			t.Fatal(err)
		}
		c := a.Extensions.Cost
		if calls := c.UpstreamCalls > 0; c.Actual == 0 || calls != (i == 1) {
			t.Errorf("part %d cost %+v", i, c)
		}
	}
}
