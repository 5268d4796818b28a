package lockfile

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// publicDir returns the folder of public sample documents that may lie beside
// the repository.
func publicDir(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("LOADLINE_SHARED"); dir != "" {
		return filepath.Join(dir, "data", "sboms", "public")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		public := filepath.Join(dir, "shared", "data", "sboms", "public")
		if _, err := os.Stat(public); err == nil {
			return public
		}
	}
	t.Skip("no shared/data beside the repository, and LOADLINE_SHARED is not set: the public documents are not checked")
	return ""
}

// TestPublicDocuments reads every lockfile of the public samples and compares
// the number of packages with the manifest's and the packages with those that
// have findings.
func TestPublicDocuments(t *testing.T) {
	t.Parallel()
	dir := publicDir(t)
	manifest, err := os.Open(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	rows := csv.NewReader(manifest)
	rows.Comma, rows.LazyQuotes, rows.FieldsPerRecord = '\t', true, -1
	records, err := rows.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// Where the scanner that made the manifest counts otherwise, and why.
	differs := map[string]int{
		"memos-2023.pnpm-lock.yaml":              468, // it drops packages with peers in their keys
		"struts-examples-2017.pom.xml":           13,  // it drops dependencies with properties that only the parent sets
		"trivy-ci.Pipfile.lock":                  86,  // it drops a package from git
		"malformed/proto-keys.package-lock.json": 6,   // a link and the folder it points to are one package
		"malformed/up-cp1252.pom.xml":            1,   // it refuses the encoding
		"malformed/up-utf16.Gemfile.lock":        99,  // it does not read UTF-16
		"malformed/up-utf16.package-lock.json":   2,
		"malformed/up-utf16le.requirements.txt":  1,
	}
	checked := 0
	for _, row := range records[1:] {
		name := row[0]
		if strings.Contains(name, ".cdx.") || strings.Contains(name, ".spdx") {
			continue
		}
		checked++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			data = toUTF8(data)
			kind, ok := Sniff(name, data)
			if !ok || !strings.HasSuffix(name, "."+string(kind)) {
				t.Fatalf("Sniff = %q, %t", kind, ok)
			}
			if bare, _ := Sniff("", data); bare != kind && row[9] == "ok" {
				t.Errorf("Sniff without the name = %q, want %q", bare, kind)
			}
			start := time.Now()
			lock, err := Read(kind, data)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if strings.HasPrefix(name, "malformed/") && err != nil {
				if lerr := (*Error)(nil); !errors.As(err, &lerr) {
					t.Errorf("error is %T: %v", err, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want, _ := strconv.Atoi(row[2])
			if n, ok := differs[name]; ok {
				want = n
			}
			if len(lock.Packages) != want {
				t.Errorf("%d packages, the manifest says %d", len(lock.Packages), want)
			}
			checkExpected(t, filepath.Join(dir, name+".expected.json"), lock)
		})
	}
	if checked == 0 {
		t.Error("the manifest names no lockfile")
	}
}

func checkExpected(t *testing.T, file string, lock *Lock) {
	t.Helper()
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return // the scanner refuses the file
	}
	if err != nil {
		t.Fatal(err)
	}
	var expected []struct{ Ecosystem, Name, Version, PURL string }
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	have, purls := map[string]bool{}, map[string]bool{}
	for _, p := range lock.Packages {
		version, id := p.Version, p.PURL
		if id.Type == "golang" {
			version = strings.TrimPrefix(version, "v")
			id.Version = version
		}
		have[p.Name+" "+version] = true
		purls[id.PackageVersion().String()] = true
	}
	for _, e := range expected {
		if !have[e.Name+" "+e.Version] {
			t.Errorf("%s %s %s is missing", e.Ecosystem, e.Name, e.Version)
		}
		if !purls[e.PURL] {
			t.Errorf("%s is missing", e.PURL)
		}
	}
}

// toUTF8 does what comes before this package in the program.
func toUTF8(data []byte) []byte {
	little := bytes.HasPrefix(data, []byte{0xff, 0xfe})
	if !little && !bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return bytes.TrimPrefix(data, []byte("\ufeff"))
	}
	var units []uint16
	for i := 2; i+1 < len(data); i += 2 {
		low, high := data[i], data[i+1]
		if !little {
			low, high = high, low
		}
		units = append(units, uint16(high)<<8|uint16(low))
	}
	return []byte(string(utf16.Decode(units)))
}
