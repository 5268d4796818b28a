package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// manifestFormat is how Apollo's manifests name their format.
const manifestFormat = "apollo-persisted-query-manifest"

// ReadDocuments reads a manifest of persisted documents: Apollo's, or an object of
// texts by id, as graphql-codegen and Relay write. The documents are found by
// those ids and by their SHA-256. It fails with the id of a document that the
// schema or the limits refuse.
func ReadDocuments(es graphql.ExecutableSchema, r io.Reader) (map[string]string, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	byID, err := parseManifest(text)
	if err != nil {
		return nil, err
	}
	check := newDocuments(es.Schema(), Limits{}.orDefaults(), false)
	all := make(map[string]string, 2*len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if _, _, list := check.parse(byID[id]); list != nil {
			return nil, fmt.Errorf("the document %s: %w", id, list[0])
		}
		sum := sha256.Sum256([]byte(byID[id]))
		all[hex.EncodeToString(sum[:])] = byID[id]
		all[id] = byID[id]
	}
	return all, nil
}

func parseManifest(text []byte) (map[string]string, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	byID := make(map[string]string)
	if _, ok := fields["format"]; !ok {
		for id, value := range fields {
			var document string
			if err := json.Unmarshal(value, &document); err != nil {
				return nil, fmt.Errorf("%q is not a text; a manifest has a document for each id, or is one of Apollo's", id)
			}
			byID[id] = document
		}
		return byID, nil
	}
	var apollo struct {
		Format     string
		Version    int
		Operations []struct{ ID, Body string }
	}
	if err := json.Unmarshal(text, &apollo); err != nil {
		return nil, err
	}
	if apollo.Format != manifestFormat || apollo.Version != 1 {
		return nil, fmt.Errorf("the format is %q, version %d; %s, version 1, is known", apollo.Format, apollo.Version, manifestFormat)
	}
	for i, o := range apollo.Operations {
		if o.ID == "" || o.Body == "" {
			return nil, fmt.Errorf("operations[%d] has no id or no body", i)
		}
		byID[o.ID] = o.Body
	}
	return byID, nil
}
