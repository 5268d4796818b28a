package sbom_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
)

const one = `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"bom-ref":"a","type":"library","name":"lodash","version":"4.17.15","purl":"pkg:npm/lodash@4.17.15"}]}`

const oneXML = `<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component type="library"><name>lodash</name><version>4.17.15</version></component></components></bom>`

func zipped(t testing.TB, data string) string {
	t.Helper()
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	if _, err := io.WriteString(zw, data); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func wide(s string, little, mark bool) string {
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	var out []byte
	for _, u := range units {
		if little {
			out = append(out, byte(u), byte(u>>8))
		} else {
			out = append(out, byte(u>>8), byte(u))
		}
	}
	return string(out)
}

// A document that a person would accept is accepted, whatever it is framed in,
// with the warnings it deserves.
func TestAccepted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, data string
		components int
		warnings   []string
	}{
		{"plain", one, 1, nil},
		{"byte-order mark", "\ufeff" + one, 1, nil},
		{"UTF-16 LE with mark", wide(one, true, true), 1, nil},
		{"UTF-16 BE with mark", wide(one, false, true), 1, nil},
		{"UTF-16 LE without mark", wide(one, true, false), 1, nil},
		{"UTF-16 BE without mark", wide(one, false, false), 1, nil},
		{"UTF-16 XML", wide(`<?xml version="1.0" encoding="UTF-16"?>`+oneXML, true, true), 1, nil},
		{"UTF-8 XML that declares UTF-16", `<?xml version="1.0" encoding="UTF-16"?>` + oneXML, 1, nil},
		{"CRLF", strings.ReplaceAll(one, ",", ",\r\n"), 1, nil},
		{"gzip", zipped(t, one), 1, nil},
		{"gzip of UTF-16", zipped(t, wide(one, true, true)), 1, nil},
		{"white space around", "\n\t " + one + " \r\n\n", 1, nil},
		{"trailing NULs", one + "\x00\x00\x00", 1, nil},
		{"trailing garbage", one + "\n]]>", 1, []string{sbom.WarnTrailingData}},
		{"trailing XML", oneXML + "<more/>", 1, []string{sbom.WarnTrailingData}},
		{"Latin-1 bytes", strings.Replace(one, "lodash", "lod\xe4sh", 1), 1, []string{sbom.WarnInvalidText}},
		{"lone surrogate", strings.Replace(one, "lodash", `lod\ud800sh`, 1), 1, nil},
		{"NUL in a name", strings.Replace(one, `"lodash"`, `"lod\u0000ash"`, 1), 1, []string{sbom.WarnInvalidText}},
		{"raw control character", strings.Replace(one, `"lodash"`, "\"lod\x01ash\"", 1), 1, []string{sbom.WarnInvalidText}},
		{"newer version", strings.Replace(one, `1.5`, `1.8`, 1), 1, []string{sbom.WarnUnknownVersion}},
		{"no version", strings.Replace(one, `"specVersion":"1.5",`, ``, 1), 1, []string{sbom.WarnMissingHeader}},
		{"no format", strings.Replace(one, `"bomFormat":"CycloneDX",`, ``, 1), 1, []string{sbom.WarnMissingHeader}},
		{"attestation", `{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","predicate":` + one + `}`, 1, nil},
		{"keys in another order", `{"components":[{"name":"a"}],"specVersion":"1.5","bomFormat":"CycloneDX"}`, 1, nil},
		{"lists given twice", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a"}],"components":[{"name":"b"}]}`, 2, []string{sbom.WarnDuplicateKey}},
		{"no components", `{"bomFormat":"CycloneDX","specVersion":"1.5"}`, 0, []string{sbom.WarnNoComponents}},
		{"null lists", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":null,"dependencies":null}`, 0, []string{sbom.WarnNoComponents}},
		{"components no list", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":{"a":1}}`, 0, []string{sbom.WarnNoComponents, sbom.WarnWrongType}},
		{"SPDX 2.4", `{"spdxVersion":"SPDX-2.4","packages":[{"name":"a"}]}`, 1, []string{sbom.WarnUnknownVersion}},
		{"SPDX without a version", `{"SPDXID":"SPDXRef-DOCUMENT","packages":[{"name":"a"}]}`, 1, []string{sbom.WarnMissingHeader}},
		{"SPDX null package", `{"spdxVersion":"SPDX-2.3","packages":[null,{"name":"a"}]}`, 1, []string{sbom.WarnInvalidEntry}},
		{"SPDX about everything", `{"spdxVersion":"SPDX-2.3","documentDescribes":["a","b"],"packages":[{"SPDXID":"a","name":"a"},{"SPDXID":"b","name":"b"}],
			"relationships":[{"spdxElementId":"a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"b"}]}`, 2, nil},
		{"SPDX YAML in flow style", "{spdxVersion: SPDX-2.3, SPDXID: SPDXRef-DOCUMENT, packages: [{name: a}]}", 1, nil},
		{"SPDX YAML with aliases", "spdxVersion: SPDX-2.3\nSPDXID: x\ncomment: &a lodash\npackages:\n- name: *a\n", 1, nil},
		{"SPDX YAML numbers", "spdxVersion: SPDX-2.3\npackages:\n- name: a\n  versionInfo: 1.10\n", 1, nil},
		{"SPDX YAML null entry", "spdxVersion: SPDX-2.3\npackages:\n-\n- name: a\n", 1, []string{sbom.WarnInvalidEntry}},
		{"SPDX YAML indented lists", "spdxVersion: SPDX-2.3\npackages:\n  - name: a\n  - name: b\n", 2, nil},
		{"SPDX YAML two documents", "spdxVersion: SPDX-2.3\npackages:\n- name: a\n---\nspdxVersion: SPDX-2.3\n", 1, []string{sbom.WarnTrailingData}},
		{"tag-value with CRLF and tabs", "SPDXVersion:\tSPDX-2.3\r\nPackageName:\ta\r\nSPDXID:\tx\r\n", 1, nil},
		{"tag-value without a header", "PackageName: a\nSPDXID: x\n", 1, []string{sbom.WarnMissingHeader}},
		{"tag-value with a stray line", "SPDXVersion: SPDX-2.3\nPackageName: a\nwhat is this\n", 1, []string{sbom.WarnInvalidEntry}},
		{"foreign namespace", strings.Replace(oneXML, "http://cyclonedx.org/schema/bom/1.4", "http://example.org/x", 1), 1, []string{sbom.WarnMissingHeader}},
		{"XML version 1.9", strings.Replace(oneXML, "bom/1.4", "bom/1.9", 1), 1, []string{sbom.WarnUnknownVersion}},
		{"SPDX 3 without a graph", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","type":"software_Package","spdxId":"urn:a","name":"a"}`, 1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := sbom.Parse([]byte(tt.data), "")
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Components) != tt.components {
				t.Errorf("got %d components, want %d", len(doc.Components), tt.components)
			}
			var codes []string
			for _, w := range doc.Warnings {
				codes = append(codes, w.Code)
			}
			if diff := cmp.Diff(tt.warnings, codes); diff != "" {
				t.Errorf("warnings (-want +got):\n%s\n%v", diff, doc.Warnings)
			}
		})
	}
}

// A document that cannot be used is one clear error: what, where, and what
// would be accepted.
func TestRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, data string
		code       sbom.Code
		want       string // part of the whole message
	}{
		{"empty", "", sbom.UnsupportedFormat, "empty"},
		{"white space", " \r\n\t", sbom.UnsupportedFormat, "empty"},
		{"null", "null", sbom.UnsupportedFormat, "accepted are CycloneDX"},
		{"text", "Not an sbom at all!", sbom.UnsupportedFormat, "accepted are CycloneDX"},
		{"other JSON", `{"hello": "world"}`, sbom.UnsupportedFormat, "no bomFormat"},
		{"JSON list", `[]`, sbom.UnsupportedFormat, "accepted are"},
		{"other format", `{"bomFormat":"Other","specVersion":"1.4"}`, sbom.UnsupportedFormat, `$.bomFormat: the format is "Other"`},
		{"other XML", `<html/>`, sbom.UnsupportedFormat, `"html"`},
		{"zip archive", "PK\x03\x04....", sbom.UnsupportedFormat, "unpack"},
		{"gzip in gzip", zipped(t, zipped(t, one)), sbom.UnsupportedFormat, "unpack"},
		{"CycloneDX protobuf", "\n\x031.5*\x10\x08\x03B\x06lodash", sbom.UnsupportedFormat, "protobuf"},
		{"YAML in one huge piece", "spdxVersion: SPDX-2.3\npackages: [" + strings.Repeat("a,", 3<<20) + "]\n", sbom.TooLarge, "line 2"},
		{"YAML of many brackets", "spdxVersion: SPDX-2.3\npackages: " + strings.Repeat("[", 1<<20) + "\n", sbom.Malformed, "YAML"},
		{"YAML of many dashes", "spdxVersion: SPDX-2.3\npackages:\n" + strings.Repeat("- ", 1<<20) + "\n", sbom.Malformed, "YAML"},
		{"truncated", one[:100], sbom.Malformed, "line 1, byte"},
		{"truncated between entries", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a"},`, sbom.Malformed, "$.components[1]"},
		{"truncated XML", oneXML[:100], sbom.Malformed, "cut off"},
		{"truncated gzip", zipped(t, one)[:60], sbom.Malformed, "gzip"},
		{"bad gzip", "\x1f\x8bnonsense", sbom.Malformed, "gzip"},
		{"JSON lines", one + "\n" + one, sbom.Malformed, "second JSON object"},
		{"missing comma", `{"bomFormat":"CycloneDX" "specVersion":"1.5"}`, sbom.Malformed, "line 1"},
		{"trailing comma", `{"bomFormat":"CycloneDX","components":[{"name":"a"},]}`, sbom.Malformed, "$.components[1]"},
		{"bad escape", `{"bomFormat":"CycloneDX","components":[{"name":"\x"}]}`, sbom.Malformed, "escape"},
		{"bad literal", `{"bomFormat":"CycloneDX","components":[{"name":nul}]}`, sbom.Malformed, "$.components[0].name"},
		{"unclosed text", "SPDXVersion: SPDX-2.3\nPackageComment: <text>x\n", sbom.Malformed, "line 2"},
		{"entities", `<!DOCTYPE bom [<!ENTITY x "y">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component><name>&x;</name></component></components></bom>`, sbom.Malformed, "entities"},
		{"external entity", `<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///x">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>`, sbom.Malformed, "entities"},
		{"undefined entity", strings.Replace(oneXML, "lodash", "&x;", 1), sbom.Malformed, "line 1"},
		{"unknown encoding", `<?xml version="1.0" encoding="EBCDIC"?>` + oneXML, sbom.Malformed, "use UTF-8"},
		{"broken YAML", "spdxVersion: SPDX-2.3\npackages:\n- name: \"a\n", sbom.Malformed, "YAML"},
		{"YAML alias bomb", aliasBomb(), sbom.Malformed, "aliases"},
		{"YAML alias to itself", "spdxVersion: SPDX-2.3\npackages:\n- &a\n  name: x\n  externalRefs: [*a]\n", sbom.Malformed, "aliases"},
		{"deep arrays", `{"bomFormat":"CycloneDX","x":` + strings.Repeat("[", 60_000), sbom.Malformed, "nested deeper"},
		{"deep arrays where components belong", `{"bomFormat":"CycloneDX","components":` + strings.Repeat("[", 60_000), sbom.Malformed, "nested deeper"},
		{"deep objects", `{"bomFormat":"CycloneDX","components":` + strings.Repeat(`[{"components":`, 60_000), sbom.Malformed, "nested deeper"},
		{"deep elements", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4">` + strings.Repeat("<components><component>", 60_000), sbom.Malformed, "nested deeper"},
		{"deep other elements", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4">` + strings.Repeat("<a>", 60_000), sbom.Malformed, "nested deeper"},
		{"deep RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#">` + strings.Repeat("<Package><hasFile>", 60_000), sbom.Malformed, "nested deeper"},
		{"zip bomb", zipped(t, strings.Repeat(" ", sbom.MaxSize+1)), sbom.TooLarge, fmt.Sprint(sbom.MaxSize)},
		{"too many components", `{"bomFormat":"CycloneDX","components":[` + strings.Repeat(`{},`, sbom.MaxComponents+1), sbom.TooLarge, "components"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := sbom.Parse([]byte(tt.data), "")
			var refused *sbom.Error
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, %v; want an *Error", doc, err)
			}
			if refused.Code != tt.code || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %s: %v\nwant %s: …%s…", refused.Code, err, tt.code, tt.want)
			}
		})
	}
}

func aliasBomb() string {
	var b strings.Builder
	b.WriteString("spdxVersion: SPDX-2.3\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	b.WriteString("packages:\n- name: a\n  x: *a11\n")
	return b.String()
}
