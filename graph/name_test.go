package graph_test

import (
	"strings"
	"testing"

	"loadline/bench/standin"
)

func TestNames(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	const create = `mutation($name: String!, $tags: [String!]) { createProject(input: {name: $name, tags: $tags}) { project { name tags } userErrors { message } } }`
	for name, text := range map[string]string{
		"a direction":      "pro\u202eject",
		"a space of none":  "pro\u200bject",
		"a joiner":         "pro\u200dject",
		"a mark of order":  "\ufeffproject",
		"a line":           "pro\nject",
		"a line separator": "pro\u2028ject",
		"something own":    "pro\ue000ject",
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			for _, variables := range []map[string]any{{"name": text}, {"name": "tagged " + name, "tags": []string{strings.TrimSpace(text)}}} {
				p := at(t, s.get(t, create, variables).Data, "createProject")
				if at(t, p, "project") != nil || !strings.Contains(at(t, p, "userErrors", 0, "message").(string), "must not contain U+") {
					t.Errorf("%v: %v", variables, p)
				}
			}
		})
	}
	t.Run("one name is written in one way", func(t *testing.T) {
		const composed, decomposed = "caf\u00e9", "cafe\u0301"
		s.get(t, create, map[string]any{"name": decomposed})
		if got := at(t, s.get(t, `query($n: String!) { project(name: $n) { name } }`, map[string]any{"n": composed}).Data, "project", "name"); got != composed {
			t.Errorf("name = %q", got)
		}
		twin := at(t, s.get(t, create, map[string]any{"name": composed}).Data, "createProject")
		if at(t, twin, "project") != nil {
			t.Errorf("a twin was created: %v", twin)
		}
		s.put(t, decomposed, decomposed, cyclonedx("pkg:npm/x@1"))
		if at(t, s.get(t, `query($n: String!) { project(name: $n) { release(version: $n) { id } } }`, map[string]any{"n": decomposed}).Data, "project", "release") == nil {
			t.Error("the release is not found by the name that it was uploaded with")
		}
		s.get(t, create, map[string]any{"name": "tagged", "tags": []string{decomposed}})
		found := s.get(t, `query($n: String!) {
			named: projects(first: 1, filter: {nameContains: $n}) { totalCount }
			tagged: projects(first: 1, filter: {tag: $n}) { totalCount }
			findings(first: 1, within: {project: $n}) { coverage { components } }
		}`, map[string]any{"n": decomposed})
		for _, path := range [][]any{{"named", "totalCount"}, {"tagged", "totalCount"}, {"findings", "coverage", "components"}} {
			if n := at(t, found.Data, path...); n != 1.0 {
				t.Errorf("%v: %v are found", path, n)
			}
		}
		const channel = `mutation($n: String!) { createNotificationChannel(input: {name: $n, kind: SLACK, target: "https://hooks.example.com/x"}) { userErrors { code } } }`
		s.get(t, channel, map[string]any{"n": decomposed})
		if code := at(t, s.get(t, channel, map[string]any{"n": composed}).Data, "createNotificationChannel", "userErrors", 0, "code"); code != "TAKEN" {
			t.Errorf("a twin of a channel: %v", code)
		}
		sub, err := subscribe(t.Context(), s.URL, `subscription($n: String!) { findingsChanged(project: $n) { project { name } } }`, map[string]any{"n": decomposed})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(sub.close)
		if f, err := sub.next(t.Context()); err != nil || !strings.Contains(string(f.Payload), composed) {
			t.Errorf("followed: %s, %v", f.Payload, err)
		}
	})
}
