package main

import (
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"loadline/cli"
)

var update = flag.Bool("update", false, "write the table of flags into README.md")

func TestReadmeTreeIsTheTree(t *testing.T) {
	t.Parallel()
	block := between(t, readme(t), "## How the code is laid out", "\n## ")
	var written []string
	for _, m := range regexp.MustCompile(`(?m)^ {4}([a-z]+)/ `).FindAllStringSubmatch(block, -1) {
		written = append(written, m[1])
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			folders = append(folders, e.Name())
		}
	}
	slices.Sort(written)
	if diff := cmp.Diff(folders, written); diff != "" {
		t.Errorf("README.md's tree is not the real one (-want +got):\n%s", diff)
	}
}

func TestReadmeFlagsAreTheProgram(t *testing.T) {
	t.Parallel()
	const start, end = "<!-- made by: go test -run Flags -update . -->\n", "<!-- end -->\n"
	text := readme(t)
	old, want := between(t, text, start, end), flagTable(t)
	switch {
	case old == want:
	case *update:
		text = strings.Replace(text, start+old+end, start+want+end, 1)
		if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md's flags are not those of the program; go test -run Flags -update . writes them (-want +got):\n%s", cmp.Diff(want, old))
	}
}

// flagTable is a row for each flag, with the commands that have it.
func flagTable(t *testing.T) string {
	t.Helper()
	parser, err := kong.New(&program{}, kong.Vars(cli.Defaults()))
	if err != nil {
		t.Fatal(err)
	}
	type row struct{ flag, standard, environment, help string }
	var rows []row
	commands := map[row][]string{}
	for _, command := range parser.Model.Children {
		for _, f := range command.Flags {
			r := row{
				flag:        code("--" + f.Name),
				standard:    code(f.Default),
				environment: code(strings.Join(f.Envs, " ")),
				help:        f.Help,
			}
			if commands[r] == nil {
				rows = append(rows, r)
			}
			commands[r] = append(commands[r], command.Name)
		}
	}
	var b strings.Builder
	b.WriteString("| flag | of | default | environment | what it says |\n|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.flag, strings.Join(commands[r], ", "), r.standard, r.environment, strings.ReplaceAll(r.help, "|", `\|`))
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func TestReadmeNamesEachLockfile(t *testing.T) {
	t.Parallel()
	source := read(t, "sbom/lockfile/lockfile.go")
	kinds := regexp.MustCompile(`(?m)^\s+\w+ +Kind = "(.*)"`).FindAllStringSubmatch(source, -1)
	if len(kinds) < 20 {
		t.Fatalf("%d kinds of lockfiles found in the code", len(kinds))
	}
	formats := between(t, readme(t), "## What it reads", "\n## ")
	for _, k := range kinds {
		if !strings.Contains(formats, "`"+k[1]+"`") {
			t.Errorf("README.md does not say that %s is read", k[1])
		}
	}
}

// Apollo Client asks a fragment on Node of no type that is not among them.
func TestDocumentedNodesAreTheSchema(t *testing.T) {
	t.Parallel()
	var want []string
	for _, def := range schema(t).PossibleTypes["Node"] {
		want = append(want, def.Name)
	}
	written := between(t, read(t, "docs/clients.md"), "possibleTypes: { Node: [", "] }")
	got := strings.Split(strings.ReplaceAll(written, "'", ""), ", ")
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/clients.md's possibleTypes are not the schema's (-want +got):\n%s", diff)
	}
}

func TestDocumentedQueriesAreValid(t *testing.T) {
	t.Parallel()
	schema := schema(t)
	count := 0
	for _, file := range markdown(t) {
		for _, m := range regexp.MustCompile("(?s)```graphql\n(.*?)```").FindAllStringSubmatch(read(t, file), -1) {
			count++
			if _, err := gqlparser.LoadQueryWithRules(schema, m[1], rules.NewDefaultRules()); err != nil {
				t.Errorf("%s: %v in:\n%s", file, err, m[1])
			}
		}
	}
	if count == 0 {
		t.Error("no query found")
	}
}

func TestDocumentedPathsExist(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	named := regexp.MustCompile("`((?:[.\\w-]+/)+[.\\w-]*|[a-z][\\w-]*\\.(?:go|graphqls|yml|md))`")
	for _, file := range markdown(t) {
		text := read(t, file)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.Scheme != "" || u.Path == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), u.Path)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", file, u.Path)
			}
		}
		if file != "CONTRIBUTING.md" && file != "docs/architecture.md" {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(m[1]); err != nil {
				t.Errorf("%s: there is no %s", file, m[1])
			}
		}
	}
}

func TestSQLIsInStoreAlone(t *testing.T) {
	t.Parallel()
	statement := regexp.MustCompile(`\b(SELECT\s+[\w*(]|INSERT INTO|DELETE FROM|UPDATE\s+\w+\s+SET|CREATE TABLE)\b`)
	for _, file := range goFiles(t) {
		if strings.HasPrefix(file, "store/") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		if found := statement.FindString(read(t, file)); found != "" {
			t.Errorf("%s holds SQL: %q", file, found)
		}
	}
}

func TestGoFilesAreShort(t *testing.T) {
	t.Parallel()
	generated := regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	for _, file := range goFiles(t) {
		text := read(t, file)
		if lines := strings.Count(text, "\n"); lines > 500 && !generated.MatchString(text) {
			t.Errorf("%s has %d lines; 500 are the most", file, lines)
		}
	}
}

func schema(t *testing.T) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: read(t, "schema.graphqls")})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func readme(t *testing.T) string {
	t.Helper()
	return read(t, "README.md")
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// between is what stands after start and before the next end.
func between(t *testing.T, text, start, end string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, start)
	if !found {
		t.Fatalf("%q is not there", start)
	}
	part, _, _ := strings.Cut(rest, end)
	return part
}

func goFiles(t *testing.T) []string  { return files(t, ".go") }
func markdown(t *testing.T) []string { return files(t, ".md") }

// files are the files of the repository with the extension.
func files(t *testing.T, extension string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || entry.Name() == ".git"):
			return filepath.SkipDir
		case !entry.IsDir() && path.Ext(name) == extension:
			names = append(names, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
