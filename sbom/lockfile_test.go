package sbom

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom/lockfile"
)

func TestReadLockfile(t *testing.T) {
	t.Parallel()
	document, err := readLockfile(lockfile.PackageLock, []byte(`{"name": "shop", "lockfileVersion": 3, "packages": {
		"": {"dependencies": {"a": "1", "gone": "1"}},
		"node_modules/a": {"version": "1.0.0", "license": "MIT", "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "dependencies": {"b": "1"}},
		"node_modules/b": {"version": "1.0.0", "dev": true}}}`))
	if err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	want := &Document{
		Format: "package-lock.json", SpecVersion: "3", Encoding: "JSON", Name: "shop",
		Components: []Component{
			{
				Ref: "node_modules/a", PURL: "pkg:npm/a@1.0.0", Name: "a", Version: "1.0.0", Type: "library",
				Scope: ScopeRequired, Direct: &yes,
				Licenses: []License{{Expression: "MIT"}},
				Hashes:   []Hash{{"SHA-1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"}},
			},
			{Ref: "node_modules/b", PURL: "pkg:npm/b@1.0.0", Name: "b", Version: "1.0.0", Type: "library", Scope: ScopeExcluded, Direct: &no},
		},
		Dependencies: []Dependency{{0, 1}},
		Warnings:     []Warning{{"DANGLING_REF", `$.packages[""]`, `the project needs "gone", which the file does not hold`}},
	}
	if diff := cmp.Diff(want, document); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadLockfileRefused(t *testing.T) {
	t.Parallel()
	_, err := readLockfile(lockfile.CargoLock, []byte("version = 3\nx"))
	var refused *Error
	if !errors.As(err, &refused) || refused.Code != Malformed || refused.Location != "line 2" {
		t.Errorf("error is %#v", err)
	}
}

func TestReadLockfileEmpty(t *testing.T) {
	t.Parallel()
	document, err := readLockfile(lockfile.CargoLock, []byte("version = 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(document.Warnings) != 1 || document.Warnings[0].Code != WarnNoComponents {
		t.Errorf("warnings are %v", document.Warnings)
	}
}
