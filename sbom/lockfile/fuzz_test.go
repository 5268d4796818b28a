package lockfile

import (
	"testing"
	"unicode/utf8"

	"loadline/purl"
)

func FuzzSniff(f *testing.F) {
	for name, data := range samples(f) {
		f.Add(name, data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		kind, ok := Sniff(name, data)
		if ok != (kind != "") {
			t.Fatalf("Sniff = %q, %t", kind, ok)
		}
		if _, known := readerOf(kind); ok && !known {
			t.Fatalf("%q cannot be read", kind)
		}
	})
}

func FuzzRead(f *testing.F) {
	kinds := allKinds()
	for name, data := range samples(f) {
		kind, _ := Sniff(name, data)
		for i, k := range kinds {
			if k == kind {
				f.Add(uint8(i), data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		lock, err := Read(kinds[int(which)%len(kinds)], data)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error that says nothing")
			}
			return
		}
		keys := map[string]bool{}
		for _, p := range lock.Packages {
			if keys[p.Key] {
				t.Errorf("key %q twice", p.Key)
			}
			keys[p.Key] = true
			if p.Name == "" || !utf8.ValidString(p.Name+p.Version+p.Key) || len(p.Version) > maxVersion {
				t.Errorf("unusable: %+v", p)
			}
			if p.PURL.Type == "" {
				continue
			}
			if back, err := purl.Parse(p.PURL.String()); err != nil || back.String() != p.PURL.String() {
				t.Errorf("%q is not canonical: %v", p.PURL.String(), err)
			}
		}
		for _, d := range lock.Dependencies {
			if d.From == d.To || max(d.From, d.To) >= len(lock.Packages) || min(d.From, d.To) < 0 {
				t.Errorf("edge %v among %d packages", d, len(lock.Packages))
			}
		}
	})
}
