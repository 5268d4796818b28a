package wire_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"loadline/graph/wire"
)

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// named asks for a document by its hash, and sends its text where that is not empty.
func named(hash, text string) request {
	body := map[string]any{"extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}}
	if text != "" {
		body["query"] = text
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return request{body: string(b)}
}

const missing = `{"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}}]}`

func TestPersistedQueries(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	want := func(t *testing.T, r request, beginning string) answer {
		t.Helper()
		a := send(t, base, r)
		if !strings.HasPrefix(a.text, beginning) {
			t.Errorf("%s, want %s", a.text, beginning)
		}
		return a
	}
	extension := func(hash string) string {
		return `{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}`
	}
	t.Run("are kept", func(t *testing.T) {
		const text = "query Kept { motto }"
		want(t, named(sum(text), ""), missing)
		want(t, named(sum(text), text), `{"data":`)
		want(t, named(sum(text), ""), `{"data":`)
		want(t, named(strings.ToUpper(sum(text)), ""), `{"data":`)
		want(t, get("extensions", extension(sum(text))), `{"data":`)
	})
	t.Run("are not known to caches before to us", func(t *testing.T) {
		if a := want(t, get("extensions", extension(sum("none"))), missing); a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("Cache-Control: %q", a.header.Get("Cache-Control"))
		}
	})
	t.Run("have the hash that they are sent with", func(t *testing.T) {
		a := want(t, named(sum("{ count }"), "{ motto }").with("Accept", responseType), `{"errors":[{"message":"the document's SHA-256 is`)
		if a.status != 400 {
			t.Errorf("status %d", a.status)
		}
		want(t, named(sum("{ count }"), ""), missing)
	})
	t.Run("are valid", func(t *testing.T) {
		const text = "{ nothing }"
		want(t, named(sum(text), text), `{"errors":`)
		want(t, named(sum(text), ""), missing)
	})
	t.Run("are no mutations by GET", func(t *testing.T) {
		const text = "mutation { count }"
		want(t, named(sum(text), text), `{"data":{"count":1}}`)
		want(t, get("extensions", extension(sum(text))), `{"errors":[{"message":"a mutation has to be sent by POST`)
		want(t, named(sum(text), text), `{"data":{"count":2}}`)
	})
	for name, extension := range map[string]string{"a text": `"x"`, "a list": `[]`, "no hash": `{"version":1}`, "another version": `{"version":2,"sha256Hash":"00"}`, "no version": `{"sha256Hash":"00"}`, "a hash that is a number": `{"version":1,"sha256Hash":5}`} {
		t.Run(name+" is refused", func(t *testing.T) {
			want(t, request{body: `{"extensions":{"persistedQuery":` + extension + `}}`}, `{"errors":`)
		})
	}
	t.Run("leave when there are too many", func(t *testing.T) {
		const first = "query First { motto }"
		want(t, named(sum(first), first), `{"data":`)
		for i := range 200 {
			text := fmt.Sprintf("query Fill%d { motto } #%s", i, strings.Repeat("x", 64<<10))
			want(t, named(sum(text), text), `{"data":`)
		}
		want(t, named(sum(first), ""), missing)
	})
}

func TestKnownDocuments(t *testing.T) {
	t.Parallel()
	const text = "query Motto { motto }"
	base := serve(t, wire.Options{Known: map[string]string{"motto-1": text, sum(text): text}})
	for name, test := range map[string]struct {
		request request
		want    string
	}{
		"by an id":                   {request{body: `{"documentId":"motto-1"}`}, `{"data":`},
		"by its hash":                {named(sum(text), ""), `{"data":`},
		"another text":               {post("query Other { motto }"), `{"data":`},
		"another hash":               {named(sum("{ motto }"), ""), missing},
		"another text with its hash": {named(sum("query Other { motto }"), "query Other { motto }"), `{"data":`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := send(t, base, test.request); !strings.HasPrefix(a.text, test.want) {
				t.Errorf("%s, want %s", a.text, test.want)
			}
		})
	}
}

func TestTrustedDocuments(t *testing.T) {
	t.Parallel()
	const text = "query Motto { motto }"
	base := serve(t, wire.Options{Documents: map[string]string{"motto-1": text, sum(text): text}})
	for name, test := range map[string]struct {
		request request
		want    string
	}{
		"by an id":                           {request{body: `{"documentId":"motto-1"}`}, `{"data":`},
		"by an id by GET":                    {get("documentId", "motto-1"), `{"data":`},
		"by its hash":                        {named(sum(text), ""), `{"data":`},
		"by documentId with the hash's name": {request{body: `{"documentId":"sha256:` + sum(text) + `"}`}, `{"data":`},
		"by its text":                        {post(text), `{"data":`},
		"another text":                       {post("{ motto }"), `{"errors":[{"message":"this server runs only`},
		"another hash":                       {named(sum("{ motto }"), ""), `{"errors":[{"message":"this server runs only`},
		"another text with its hash":         {named(sum("{ motto }"), "{ motto }"), `{"errors":[{"message":"this server runs only`},
		"introspection":                      {post("{ __schema { types { name } } }"), `{"errors":[{"message":"this server runs only`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := send(t, base, test.request); !strings.HasPrefix(a.text, test.want) {
				t.Errorf("%s, want %s", a.text, test.want)
			}
		})
	}
}
