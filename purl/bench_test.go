package purl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"loadline/purl"
)

func TestParseIsQuickWithManyQualifiers(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("pkg:npm/lodash@4.17.15?")
	for i := range 20_000 {
		fmt.Fprintf(&b, "k%d=v&", i)
	}
	start := time.Now()
	p, err := purl.Parse(b.String())
	if err != nil || len(p.Qualifiers) != 20_000 {
		t.Fatalf("%d qualifiers, %v", len(p.Qualifiers), err)
	}
	if p.Qualifier("k19999") != "v" || p.Qualifier("k20000") != "" {
		t.Error("a qualifier is not found, or one is found that is not there")
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range map[string]string{
		"npm": "pkg:npm/%40angular/core@1.2.3",
		"deb": "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11&upstream=openssl",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := purl.Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkString(b *testing.B) {
	p, err := purl.Parse("pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11&upstream=openssl")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = p.String()
	}
}
