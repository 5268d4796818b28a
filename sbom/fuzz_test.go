package sbom_test

import (
	"bytes"
	"errors"
	"testing"

	"loadline/sbom"
)

func FuzzParse(f *testing.F) {
	for _, path := range samples(f) {
		f.Add(readFile(f, path))
	}
	for _, g := range generators {
		var out bytes.Buffer
		g.write(&out, 3)
		f.Add(out.Bytes())
	}
	f.Add([]byte(one))
	f.Add([]byte(oneXML))
	f.Add([]byte(wide(one, true, true)))
	f.Add([]byte(zipped(f, one)))
	f.Add([]byte(aliasBomb()))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := sbom.Parse(data, "")
		if err == nil {
			wellFormed(t, doc)
			return
		}
		var refused *sbom.Error
		if doc != nil || errors.As(err, &refused) && refused.Message == "" {
			t.Errorf("got %v with error %v", doc, err)
		}
	})
}
