package sbom_test

import (
	"bytes"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"loadline/sbom"
)

// A generator writes documents of any number of components, each of which
// depends on the one before it.
var generators = []struct {
	name  string
	write func(out *bytes.Buffer, components int)
}{
	{"cyclonedx json", func(out *bytes.Buffer, n int) {
		out.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[`)
		for i := range n {
			comma(out, i)
			fmt.Fprintf(out, `{"type":"library","bom-ref":"pkg:npm/%%40scope/name-%d@1.2.%d?package-id=%016x","group":"@scope","name":"name-%d","version":"1.2.%d",`+
				`"licenses":[{"license":{"id":"MIT"}}],"purl":"pkg:npm/%%40scope/name-%d@1.2.%d","hashes":[{"alg":"SHA-256","content":"%064x"}],`+
				`"properties":[{"name":"syft:package:foundBy","value":"javascript-lock-cataloger"},{"name":"syft:location:0:path","value":"/package-lock.json"}]}`, i, i, i, i, i, i, i, i)
		}
		out.WriteString(`],"dependencies":[`)
		for i := range n - 1 {
			comma(out, i)
			fmt.Fprintf(out, `{"ref":"pkg:npm/%%40scope/name-%d@1.2.%d?package-id=%016x","dependsOn":["pkg:npm/%%40scope/name-%d@1.2.%d?package-id=%016x"]}`,
				i+1, i+1, i+1, i, i, i)
		}
		out.WriteString(`]}`)
	}},
	{"cyclonedx xml", func(out *bytes.Buffer, n int) {
		out.WriteString(`<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>`)
		for i := range n {
			fmt.Fprintf(out, `<component type="library" bom-ref="ref-%d"><group>@scope</group><name>name-%d</name><version>1.2.%d</version>`+
				`<hashes><hash alg="SHA-256">%064x</hash></hashes><licenses><license><id>MIT</id></license></licenses>`+
				`<purl>pkg:npm/%%40scope/name-%d@1.2.%d</purl><properties><property name="syft:location:0:path">/package-lock.json</property></properties></component>`, i, i, i, i, i, i)
		}
		out.WriteString(`</components><dependencies>`)
		for i := range n - 1 {
			fmt.Fprintf(out, `<dependency ref="ref-%d"><dependency ref="ref-%d"/></dependency>`, i+1, i)
		}
		out.WriteString(`</dependencies></bom>`)
	}},
	{"spdx json", func(out *bytes.Buffer, n int) {
		out.WriteString(`{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"big","packages":[`)
		for i := range n {
			comma(out, i)
			fmt.Fprintf(out, `{"SPDXID":"SPDXRef-Package-%d","name":"name-%d","versionInfo":"1.2.%d","supplier":"NOASSERTION","downloadLocation":"NOASSERTION",`+
				`"filesAnalyzed":false,"licenseConcluded":"NOASSERTION","licenseDeclared":"MIT","copyrightText":"NOASSERTION","checksums":[{"algorithm":"SHA256","checksumValue":"%064x"}],`+
				`"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/name-%d@1.2.%d"}]}`, i, i, i, i, i, i)
		}
		out.WriteString(`],"relationships":[`)
		for i := range n - 1 {
			comma(out, i)
			fmt.Fprintf(out, `{"spdxElementId":"SPDXRef-Package-%d","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-Package-%d"}`, i, i+1)
		}
		out.WriteString(`]}`)
	}},
	{"spdx yaml", func(out *bytes.Buffer, n int) {
		out.WriteString("spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: big\npackages:\n")
		for i := range n {
			fmt.Fprintf(out, "- SPDXID: SPDXRef-Package-%d\n  name: name-%d\n  versionInfo: 1.2.%d\n  downloadLocation: NOASSERTION\n  licenseDeclared: MIT\n"+
				"  externalRefs:\n  - referenceCategory: PACKAGE-MANAGER\n    referenceType: purl\n    referenceLocator: pkg:npm/name-%d@1.2.%d\n", i, i, i, i, i)
		}
		out.WriteString("relationships:\n")
		for i := range n - 1 {
			fmt.Fprintf(out, "- spdxElementId: SPDXRef-Package-%d\n  relationshipType: DEPENDENCY_OF\n  relatedSpdxElement: SPDXRef-Package-%d\n", i, i+1)
		}
	}},
	{"spdx tag-value", func(out *bytes.Buffer, n int) {
		out.WriteString("SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: big\n")
		for i := range n {
			fmt.Fprintf(out, "\nPackageName: name-%d\nSPDXID: SPDXRef-Package-%d\nPackageVersion: 1.2.%d\nPackageDownloadLocation: NOASSERTION\nPackageLicenseDeclared: MIT\n"+
				"PackageChecksum: SHA256: %064x\nExternalRef: PACKAGE-MANAGER purl pkg:npm/name-%d@1.2.%d\n", i, i, i, i, i, i)
		}
		for i := range n - 1 {
			fmt.Fprintf(out, "Relationship: SPDXRef-Package-%d DEPENDENCY_OF SPDXRef-Package-%d\n", i, i+1)
		}
	}},
	{"spdx rdf", func(out *bytes.Buffer, n int) {
		out.WriteString(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#">` +
			`<spdx:SpdxDocument rdf:about="http://x.example/big#SPDXRef-DOCUMENT"><spdx:specVersion>SPDX-2.3</spdx:specVersion></spdx:SpdxDocument>`)
		for i := range n {
			fmt.Fprintf(out, `<spdx:Package rdf:about="http://x.example/big#SPDXRef-%d"><spdx:name>name-%d</spdx:name><spdx:versionInfo>1.2.%d</spdx:versionInfo>`+
				`<spdx:licenseDeclared rdf:resource="http://spdx.org/licenses/MIT"/><spdx:externalRef><spdx:ExternalRef>`+
				`<spdx:referenceType rdf:resource="http://spdx.org/rdf/references/purl"/><spdx:referenceLocator>pkg:npm/name-%d@1.2.%d</spdx:referenceLocator></spdx:ExternalRef></spdx:externalRef>`, i, i, i, i, i)
			if i > 0 {
				fmt.Fprintf(out, `<spdx:relationship><spdx:Relationship><spdx:relationshipType rdf:resource="http://spdx.org/rdf/terms#relationshipType_dependsOn"/>`+
					`<spdx:relatedSpdxElement rdf:resource="http://x.example/big#SPDXRef-%d"/></spdx:Relationship></spdx:relationship>`, i-1)
			}
			out.WriteString(`</spdx:Package>`)
		}
		out.WriteString(`</rdf:RDF>`)
	}},
	{"spdx 3", func(out *bytes.Buffer, n int) {
		out.WriteString(`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1"}`)
		for i := range n {
			fmt.Fprintf(out, `,{"type":"software_Package","spdxId":"urn:p%d","creationInfo":"_:c","name":"name-%d","software_packageVersion":"1.2.%d",`+
				`"software_packageUrl":"pkg:npm/name-%d@1.2.%d","verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"%064x"}]}`, i, i, i, i, i, i)
		}
		for i := range n - 1 {
			fmt.Fprintf(out, `,{"type":"Relationship","spdxId":"urn:r%d","creationInfo":"_:c","from":"urn:p%d","relationshipType":"dependsOn","to":["urn:p%d"]}`, i, i+1, i)
		}
		out.WriteString(`]}`)
	}},
}

func comma(out *bytes.Buffer, i int) {
	if i > 0 {
		out.WriteByte(',')
	}
}

// generate writes a document of at least size bytes.
func generate(write func(*bytes.Buffer, int), size int) (doc []byte, components int) {
	var sample bytes.Buffer
	write(&sample, 1000)
	components = size/(sample.Len()/1000) + 1000
	var out bytes.Buffer
	out.Grow(size + size/4)
	write(&out, components)
	return out.Bytes(), components
}

// peakHeap returns the most memory that the heap of this process had of the
// machine while fn ran, in bytes, with what it had before.
func peakHeap(fn func()) uint64 {
	debug.FreeOSMemory()
	var peak uint64
	look := func() {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		peak = max(peak, stats.HeapSys-stats.HeapReleased)
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				look()
			case <-done:
				look()
				return
			}
		}
	}()
	fn()
	close(done)
	<-stopped
	return peak
}

var whole = flag.Bool("whole", false, "measure every format with 60 MB, not only JSON")

// Not parallel: what it measures is the whole process.
func TestLargeDocumentTakesTenTimesItsSize(t *testing.T) {
	if testing.Short() {
		t.Skip("reads documents of 60 MB")
	}
	for _, g := range generators {
		t.Run(g.name, func(t *testing.T) {
			size := 60 << 20
			if !strings.HasSuffix(g.name, " json") && !*whole {
				size /= 4
			}
			data, components := generate(g.write, size)
			var doc *sbom.Document
			var err error
			start := time.Now()
			peak := peakHeap(func() { doc, err = sbom.Parse(data, "") })
			took := time.Since(start)
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Components) != components || len(doc.Dependencies) != components-1 || len(doc.Warnings) > 0 {
				t.Errorf("got %d components, %d dependencies, %d warnings; want %d, %d, 0",
					len(doc.Components), len(doc.Dependencies), len(doc.Warnings), components, components-1)
			}
			if peak > 10*uint64(size) {
				t.Errorf("the heap grew to %d MB for a document of %d MB", peak>>20, len(data)>>20)
			}
			t.Logf("%d MB, %d components, %v, heap at most %d MB", len(data)>>20, components, took, peak>>20)
		})
	}
}

func BenchmarkParse30000(b *testing.B) {
	for _, g := range generators {
		b.Run(g.name, func(b *testing.B) {
			var out bytes.Buffer
			g.write(&out, 30_000)
			b.SetBytes(int64(out.Len()))
			b.ReportAllocs()
			for b.Loop() {
				doc, err := sbom.Parse(out.Bytes(), "")
				if err != nil || len(doc.Components) != 30_000 {
					b.Fatal(err)
				}
			}
		})
	}
}
