package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
	"loadline/graph"
	"loadline/graph/wire/testserver"
)

func TestConnections(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(120)...))
	const page = `query($first: Int, $after: String, $last: Int, $before: String) {
	  release(project: "shop", version: "1.0") {
	    components(first: $first, after: $after, last: $last, before: $before) {
	      totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { version } } nodes { version }
	    }
	  }
	}`
	t.Run("walked forwards and backwards show every row once, in order", func(t *testing.T) {
		var forwards, backwards []string
		variables := map[string]any{"first": 50}
		for {
			c := at(t, s.get(t, page, variables).Data, "release", "components")
			for i := range at(t, c, "edges").([]any) {
				forwards = append(forwards, at(t, c, "edges", i, "node", "version").(string))
			}
			if at(t, c, "totalCount") != 120.0 {
				t.Fatalf("totalCount = %v", at(t, c, "totalCount"))
			}
			if at(t, c, "pageInfo", "hasNextPage") == false {
				break
			}
			variables = map[string]any{"first": 50, "after": at(t, c, "pageInfo", "endCursor")}
		}
		variables = map[string]any{"last": 50}
		for {
			c := at(t, s.get(t, page, variables).Data, "release", "components")
			var rows []string
			for i := range at(t, c, "nodes").([]any) {
				rows = append(rows, at(t, c, "nodes", i, "version").(string))
			}
			backwards = append(rows, backwards...)
			if at(t, c, "pageInfo", "hasPreviousPage") == false {
				break
			}
			variables = map[string]any{"last": 50, "before": at(t, c, "pageInfo", "startCursor")}
		}
		var want []string
		for i := range 120 {
			want = append(want, fmt.Sprintf("1.0.%d", i))
		}
		if diff := cmp.Diff(want, forwards); diff != "" {
			t.Errorf("forwards (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, backwards); diff != "" {
			t.Errorf("backwards (-want +got):\n%s", diff)
		}
	})
	for name, test := range map[string]struct {
		variables map[string]any
		message   string
	}{
		"without a length":      {nil, "give `first` or `last`"},
		"with both lengths":     {map[string]any{"first": 1, "last": 1}, "not both"},
		"with too many rows":    {map[string]any{"first": 101}, "`first` is 101: give 1 to 100"},
		"with no rows":          {map[string]any{"last": 0}, "`last` is 0: give 1 to 100"},
		"with a foreign cursor": {map[string]any{"first": 1, "after": "bm90IG91cnM"}, "not one that this list has handed out"},
	} {
		t.Run(name+" are refused", func(t *testing.T) {
			a := s.ask(t, page, test.variables)
			if len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, test.message) || a.Errors[0].Extensions["code"] != "BAD_USER_INPUT" {
				t.Errorf("errors = %+v, want one with %q", a.Errors, test.message)
			}
		})
	}
	t.Run("of a release without a Bom are empty", func(t *testing.T) {
		project := at(t, s.get(t, `mutation { createProject(input: {name: "empty"}) { project { id } } }`, nil).Data, "createProject", "project", "id")
		s.get(t, `mutation($p: ID!) { createRelease(input: {project: $p, version: "0"}) { release { id } } }`, map[string]any{"p": project})
		c := at(t, s.get(t, `{ release(project: "empty", version: "0") { bom { id } components(first: 1) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } } }`, nil).Data, "release", "components")
		if at(t, c, "totalCount") != 0.0 || len(at(t, c, "nodes").([]any)) != 0 || at(t, c, "pageInfo", "endCursor") != nil {
			t.Errorf("components = %v", c)
		}
	})
}

func TestMutations(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	const create = `mutation($name: String!, $tags: [String!]) { createProject(input: {name: $name, tags: $tags}) { project { id name tags } userErrors { field message code } } }`
	made := at(t, s.get(t, create, map[string]any{"name": "shop", "tags": []string{"b", " a ", "b"}}).Data, "createProject", "project")
	id := at(t, made, "id")
	if diff := cmp.Diff([]any{"a", "b"}, at(t, made, "tags")); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct {
		query     string
		variables map[string]any
		field     string
		code      string
	}{
		"a name that is taken":  {create, map[string]any{"name": "shop"}, "name", "TAKEN"},
		"an empty name":         {create, map[string]any{"name": " "}, "name", "INVALID"},
		"a name too long":       {create, map[string]any{"name": strings.Repeat("x", 201)}, "name", "INVALID"},
		"a control character":   {create, map[string]any{"name": "a\nb"}, "name", "INVALID"},
		"an empty tag":          {create, map[string]any{"name": "x", "tags": []string{""}}, "tags", "INVALID"},
		"a malformed id":        {`mutation { deleteProject(input: {id: "nonsense"}) { userErrors { field message code } } }`, nil, "id", "NOT_FOUND"},
		"an id of another type": {`mutation($id: ID!) { deleteRelease(input: {id: $id}) { userErrors { field message code } } }`, map[string]any{"id": id}, "id", "NOT_FOUND"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			a := s.get(t, test.query, test.variables)
			for _, payload := range a.Data {
				got := at(t, payload, "userErrors", 0)
				if at(t, got, "code") != test.code || at(t, got, "field", 1) != test.field || at(t, got, "message") == "" {
					t.Errorf("userErrors[0] = %v, want %s on %s", got, test.code, test.field)
				}
			}
		})
	}
	t.Run("rename, tag and delete", func(t *testing.T) {
		a := s.get(t, `mutation($id: ID!) {
		  createRelease(input: {project: $id, version: "1"}) { release { id version } userErrors { code } }
		  renameProject(input: {id: $id, name: "store"}) { project { id name } userErrors { code } }
		  tagProject(input: {id: $id, tags: []}) { project { tags } userErrors { code } }
		}`, map[string]any{"id": id})
		if at(t, a.Data, "renameProject", "project", "id") != id || at(t, a.Data, "renameProject", "project", "name") != "store" {
			t.Errorf("renameProject = %v", at(t, a.Data, "renameProject"))
		}
		release := at(t, a.Data, "createRelease", "release", "id")
		a = s.get(t, `mutation($id: ID!) {
		  renameRelease(input: {id: $id, version: "2"}) { release { version } userErrors { code } }
		  tagRelease(input: {id: $id, tags: ["lts"]}) { release { tags } userErrors { code } }
		  deleteRelease(input: {id: $id}) { deletedId userErrors { code } }
		}`, map[string]any{"id": release})
		if at(t, a.Data, "tagRelease", "release", "tags", 0) != "lts" || at(t, a.Data, "deleteRelease", "deletedId") != release {
			t.Errorf("answer = %v", a.Data)
		}
		a = s.get(t, `query($p: ID!, $r: ID!) { nodes(ids: [$p, $r, "CVE-2099-10001"]) { __typename id } }`, map[string]any{"p": id, "r": release})
		want := []any{map[string]any{"__typename": "Project", "id": id}, nil, map[string]any{"__typename": "Vulnerability", "id": "CVE-2099-10001"}}
		if diff := cmp.Diff(want, at(t, a.Data, "nodes")); diff != "" {
			t.Errorf("nodes (-want +got):\n%s", diff)
		}
	})
}

// Every id that is handed out finds its object again.
func TestNodes(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(2)...))
	a := s.get(t, `{ release(project: "shop", version: "1.0") { id project { id } bom { id job { id } } components(first: 2) { nodes { id package { id } findings { id vulnerability { id } } } } } }`, nil)
	var ids []any
	collect(a.Data, &ids)
	found := at(t, s.get(t, `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, map[string]any{"ids": ids}).Data, "nodes").([]any)
	if len(ids) < 12 || len(found) != len(ids) {
		t.Fatalf("%d ids, %d nodes", len(ids), len(found))
	}
	types := make(map[any]bool)
	for i, node := range found {
		if node == nil || at(t, node, "id") != ids[i] {
			t.Errorf("node %d = %v, want id %v", i, node, ids[i])
			continue
		}
		types[at(t, node, "__typename")] = true
	}
	if len(types) != 8 {
		t.Errorf("types = %v, want all 8", types)
	}
	for _, id := range []string{"", "x", "cDk5", "cC0x", "YzE", "ZjE", "!!", strings.Repeat("A", 5000)} {
		if got := at(t, s.get(t, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}).Data, "node"); got != nil {
			t.Errorf("node %q = %v, want null", id, got)
		}
	}
}

func collect(v any, ids *[]any) {
	switch v := v.(type) {
	case map[string]any:
		for k, child := range v {
			if k == "id" {
				*ids = append(*ids, child)
			}
			collect(child, ids)
		}
	case []any:
		for _, child := range v {
			collect(child, ids)
		}
	}
}

func TestWhereUsedAndWhereItHits(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx("pkg:npm/left-shelf@1.2.2", "pkg:npm/harmless@1.0.0"))
	s.put(t, "shop", "1.1", cyclonedx("pkg:npm/left-shelf@2.4.0"))
	s.put(t, "tool", "7", cyclonedx("pkg:npm/left-shelf@1.0.0"))

	t.Run("a package shows every release that uses it", func(t *testing.T) {
		p := at(t, s.get(t, `{ package(purl: "pkg:npm/left-shelf@9?x=y") { name ecosystem versions(first: 9) { totalCount } releases(first: 9) { totalCount nodes { version project { name } } } components(first: 9) { totalCount } } }`, nil).Data, "package")
		if at(t, p, "releases", "totalCount") != 3.0 || at(t, p, "versions", "totalCount") != 3.0 || at(t, p, "components", "totalCount") != 3.0 || at(t, p, "ecosystem") != "npm" {
			t.Errorf("package = %v", p)
		}
	})
	t.Run("an unknown package is null", func(t *testing.T) {
		if p := at(t, s.get(t, `{ package(purl: "pkg:npm/nowhere") { id } }`, nil).Data, "package"); p != nil {
			t.Errorf("package = %v", p)
		}
	})
	for _, id := range []string{"CVE-2099-10001", "GHSA-22cc-33ff-44gg", "ghsa-22CC-33ff-44gg", "cve-2099-10001"} {
		t.Run(id+" finds the vulnerability and the releases it affects, before anybody asked about those", func(t *testing.T) {
			v := at(t, s.get(t, `query($id: String!) { vulnerability(id: $id) { id aliases releases(first: 9) { totalCount nodes { version } } components(first: 9) { nodes { version } } advisories { id url } } }`, map[string]any{"id": id}).Data, "vulnerability")
			if at(t, v, "id") != "CVE-2099-10001" || at(t, v, "releases", "totalCount") != 2.0 || at(t, v, "releases", "nodes", 1, "version") != "7" {
				t.Errorf("vulnerability = %v", v)
			}
		})
	}
	t.Run("an unknown vulnerability is null", func(t *testing.T) {
		if v := at(t, s.get(t, `{ vulnerability(id: "CVE-1999-0001") { id } }`, nil).Data, "vulnerability"); v != nil {
			t.Errorf("vulnerability = %v", v)
		}
	})
}

func TestIngestBom(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	const mutation = `mutation($file: Upload, $content: String, $project: String!) { ingestBom(input: {project: $project, release: "1.0", file: $file, content: $content}) { job { id state } bom { digest format state } userErrors { field message code } } }`

	t.Run("as text", func(t *testing.T) {
		p := at(t, s.get(t, mutation, map[string]any{"project": "text", "content": cyclonedx("pkg:npm/x@1")}).Data, "ingestBom")
		if at(t, p, "bom", "format") != "CycloneDX" || len(at(t, p, "userErrors").([]any)) != 0 {
			t.Errorf("ingestBom = %v", p)
		}
	})
	t.Run("as a multipart upload, and its progress over SSE", func(t *testing.T) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		operations, _ := json.Marshal(map[string]any{"query": mutation, "variables": map[string]any{"project": "file", "file": nil}})
		fields := [][2]string{{"operations", string(operations)}, {"map", `{"0": ["variables.file"]}`}}
		for _, f := range fields {
			if err := w.WriteField(f[0], f[1]); err != nil {
				t.Fatal(err)
			}
		}
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="0"; filename="requirements.txt"`}, "Content-Type": {"text/plain"}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(part, "acme-web==2.0")
		w.Close()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, &body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("GraphQL-Require-Preflight", "true")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var a answer
		if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		if got := at(t, a.Data, "ingestBom", "bom", "format"); got != "requirements.txt" {
			t.Errorf("format = %v, errors %v", got, a)
		}
		last := s.follow(t, at(t, a.Data, "ingestBom", "job", "id").(string))
		if last != "SUCCEEDED" {
			t.Errorf("the last state is %s", last)
		}
	})
	for name, test := range map[string]struct {
		variables map[string]any
		field     string
		code      string
	}{
		"nothing":                {map[string]any{"project": "bad"}, "file", "INVALID"},
		"prose":                  {map[string]any{"project": "bad", "content": "Dear reader, this is not a document of any known format."}, "content", "UNSUPPORTED_FORMAT"},
		"half a document":        {map[string]any{"project": "bad", "content": cyclonedx("pkg:npm/x@1")[:90]}, "content", "MALFORMED_DOCUMENT"},
		"an empty document":      {map[string]any{"project": "bad", "content": ""}, "content", "UNSUPPORTED_FORMAT"},
		"a project without name": {map[string]any{"project": "", "content": cyclonedx("pkg:npm/x@1")}, "project", "INVALID"},
	} {
		t.Run(name+" is refused and changes nothing", func(t *testing.T) {
			p := at(t, s.get(t, mutation, test.variables).Data, "ingestBom")
			refused := at(t, p, "userErrors", 0)
			if at(t, refused, "code") != test.code || at(t, refused, "field", 1) != test.field || at(t, p, "bom") != nil {
				t.Errorf("ingestBom = %v, want %s on %s", p, test.code, test.field)
			}
			if at(t, s.get(t, `{ project(name: "bad") { id } }`, nil).Data, "project") != nil {
				t.Error("a project was created")
			}
		})
	}
}

// follow subscribes to a job over SSE and returns the last state it is sent.
func (s *server) follow(t *testing.T, id string) string {
	t.Helper()
	sub, err := subscribeToEvents(t.Context(), s.URL, progressOf, map[string]any{"id": id})
	if err != nil {
		t.Fatal(err)
	}
	defer sub.close()
	_, last, err := follow(t.Context(), sub, -1)
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func TestErrors(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	t.Run("inside are masked, with an id under which the log has the cause", func(t *testing.T) {
		s.store.Close()
		a := s.ask(t, `{ project(name: "x") { id } }`, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "INTERNAL_SERVER_ERROR" || strings.Contains(a.Errors[0].Message, "sql") {
			t.Fatalf("errors = %+v", a.Errors)
		}
		id := a.Errors[0].Message[strings.LastIndex(a.Errors[0].Message, " ")+1:]
		if !strings.Contains(s.Log.String(), id) || !strings.Contains(s.Log.String(), "sql: database is closed") {
			t.Errorf("the log does not tell of %s:\n%s", id, s.Log)
		}
	})
	t.Run("that are panics are masked too, and the log has them", func(t *testing.T) {
		var log bytes.Buffer
		es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(`{"query": "{ panics }"}`))
		r.Header.Set("Content-Type", "application/json")
		graph.Serve(es, slog.New(slog.NewTextHandler(&log, nil)), graph.Options{}).ServeHTTP(w, r)
		if answer := w.Body.String(); !strings.Contains(answer, "INTERNAL_SERVER_ERROR") || strings.Contains(answer, "hunter2") || !strings.Contains(log.String(), "hunter2") {
			t.Errorf("answer %s, log %s", answer, &log)
		}
	})
	t.Run("of the language are shown", func(t *testing.T) {
		a := s.ask(t, `{ nothing }`, nil)
		if len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, "Cannot query field") {
			t.Errorf("errors = %+v", a.Errors)
		}
	})
	t.Run("of a scalar say what is accepted", func(t *testing.T) {
		a := s.ask(t, `{ package(purl: "lodash") { id } }`, nil)
		if len(a.Errors) != 1 || !strings.Contains(a.Errors[0].Message, "pkg:") {
			t.Errorf("errors = %+v", a.Errors)
		}
	})
	t.Run("a query that is too dear is refused", func(t *testing.T) {
		a := s.ask(t, `{ projects(first: 100) { nodes { releases(first: 100) { nodes { components(first: 100) { nodes { dependents(first: 100) { nodes { id } } } } } } } } }`, nil)
		if len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "COMPLEXITY_LIMIT_EXCEEDED" {
			t.Errorf("errors = %+v", a.Errors)
		}
	})
}
