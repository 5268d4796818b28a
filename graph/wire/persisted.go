package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	// persistedBytes is how much memory the documents take that clients persist.
	persistedBytes = 8 << 20
	// persistedVersion is the version of Apollo's automatic persisted queries.
	persistedVersion = "1"
)

// persisted are the documents that clients name by an id instead of sending them.
type persisted struct {
	// automatic are those that clients have sent, by their SHA-256.
	automatic *cache[string]
	// known are found without having been sent before.
	known map[string]string
	// trusted are the only ones that are run, where it is not nil.
	trusted map[string]string
	texts   map[string]bool
}

func newPersisted(known, trusted map[string]string) *persisted {
	p := &persisted{automatic: newCache[string](persistedBytes), known: known, trusted: trusted}
	if trusted != nil {
		p.texts = make(map[string]bool, len(trusted))
		for _, text := range trusted {
			p.texts[text] = true
		}
	}
	return p
}

// find returns the document of a request, and a function to call when it is known to be good.
func (p *persisted) find(params *graphql.RawParams, document string) (text string, keep func(), problem *gqlerror.Error) {
	keep = func() {}
	id, problem := requestedID(params, document)
	if problem != nil {
		return "", nil, problem
	}
	if p.trusted != nil {
		text, problem = p.findTrusted(params.Query, id)
		return text, keep, problem
	}
	switch {
	case id == "":
		return params.Query, keep, nil
	case params.Query == "":
		text, ok := p.known[id]
		if !ok {
			text, ok = p.automatic.get(id)
		}
		if !ok {
			return "", nil, coded("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
		}
		return text, keep, nil
	}
	sum := sha256.Sum256([]byte(params.Query))
	if hex.EncodeToString(sum[:]) != id {
		return "", nil, coded(codeBadRequest, "the document's SHA-256 is "+hex.EncodeToString(sum[:])+", and the request says "+id)
	}
	return params.Query, func() { p.automatic.add(id, params.Query, len(params.Query)) }, nil
}

func (p *persisted) findTrusted(query, id string) (string, *gqlerror.Error) {
	if query != "" {
		if !p.texts[query] {
			return "", coded("QUERY_NOT_IN_SAFELIST", "this server runs only the documents that it was started with, and this is none of them")
		}
		return query, nil
	}
	text, ok := p.trusted[id]
	if !ok {
		return "", coded("PERSISTED_QUERY_NOT_IN_LIST", "this server runs only the documents that it was started with, and none of them has the id "+id)
	}
	return text, nil
}

// requestedID returns the id that a request names its document by, or "". A hash
// is the same in any letter case.
func requestedID(params *graphql.RawParams, document string) (string, *gqlerror.Error) {
	if document != "" {
		return strings.TrimPrefix(document, "sha256:"), nil
	}
	extension, ok := params.Extensions["persistedQuery"]
	if !ok || extension == nil {
		return "", nil
	}
	fields, _ := extension.(map[string]any)
	hash, _ := fields["sha256Hash"].(string)
	if hash == "" {
		return "", coded(codeBadRequest, `extensions.persistedQuery is not of the form {"version": 1, "sha256Hash": "…"}`)
	}
	if version, _ := fields["version"].(json.Number); version.String() != persistedVersion {
		return "", coded("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported: version 1 alone is known")
	}
	return strings.ToLower(hash), nil
}
