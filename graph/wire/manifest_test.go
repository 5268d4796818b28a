package wire_test

import (
	"strings"
	"testing"

	"loadline/graph/wire"
	"loadline/graph/wire/testserver"
)

func TestReadDocuments(t *testing.T) {
	t.Parallel()
	es := testserver.NewExecutableSchema(testserver.Config{Resolvers: &testserver.Resolver{}})
	for name, test := range map[string]struct {
		text string
		id   string // one that is found
		err  string // or a part of the error
	}{
		"Apollo's":           {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a1","name":"Motto","type":"query","body":"query Motto { motto }"}]}`, "a1", ""},
		"graphql-codegen's":  {`{"b2":"query Motto { motto }"}`, "b2", ""},
		"by hash":            {`{"b2":"query Motto { motto }"}`, sum("query Motto { motto }"), ""},
		"none":               {`{}`, "", ""},
		"no JSON":            {`query Motto { motto }`, "", "not a JSON object"},
		"a list":             {`[]`, "", "not a JSON object"},
		"another format":     {`{"format":"mine","version":1}`, "", `the format is "mine"`},
		"another version":    {`{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}`, "", "version 2"},
		"without an id":      {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"body":"{ motto }"}]}`, "", "operations[0] has no id"},
		"not texts":          {`{"b2":{"query":"{ motto }"}}`, "", `"b2" is not a text`},
		"an unknown field":   {`{"b2":"{ nothing }"}`, "", "the document b2: input:1:3: Cannot query field"},
		"more than is taken": {`{"b2":"` + deep(12) + `"}`, "", "the document b2: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documents, err := wire.ReadDocuments(es, strings.NewReader(test.text))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if test.id != "" && documents[test.id] != "query Motto { motto }" {
				t.Errorf("%q is not found in %v", test.id, documents)
			}
		})
	}
}
