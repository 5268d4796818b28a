package advisory

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var plainTexts = []string{
	`{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","aliases":["CVE-1",""],"summary":"a \"b\" \n \u00e9 \ud83d\ude00 é","details":"é",
		"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N","x":[1,-2.5e+3,true,false,null,{"A":"\\"}]}],"references":[],
		"affected":[{"package":{"ecosystem":"npm","name":"a","purl":"pkg:npm/a"},"ranges":[{"type":"SEMVER","repo":"r","events":[{"introduced":"0"},{"last_affected":"1","limit":"2","fixed":"3"}]}],
			"versions":["1","2"],"ecosystem_specific":{"urgency":"low"},"database_specific":{"severity":"HIGH","cvss":{"vectorString":"x"}}}],
		"database_specific":{"severity":"LOW"},"schema_version":"1.7.5"}`,
	`{"id":"A","ID":"B"}`, `{"id":"A","id":"B"}`, `{"Id":"A"}`, `{"\u0069d":"A"}`, `{"id":1}`, `{"id":"A"}x`, ` {"id" : "A" } `, `{"id":"A",}`, `{"id":"A" "x":1}`,
	`{"id":"A","aliases":[null]}`, `{"id":"A","aliases":["a",]}`, `{"id":"A","x":01}`, `{"id":"A","x":"\q"}`, "{\"id\":\"\xff\"}", "{\"id\":\"a\nb\"}", `{"id":"A\`,
	`{"id":"A","x":{"y":[[[]]],"y":"\ud800"}}`, `{}`, `[]`, `null`, ``, `{`, `{"id"`, `{"id":`, `{"id":"\u12"}`, `{"id":"A","x":{"\u":1}}`, `{"id":"A","affected":[{}],"severity":{}}`,
	`{"id":"\ud83d","summary":"\ud83d\\n\ude00"}`, `{"affected":[{"package":{"name":"a"},"package":{"purl":"b"}}]}`, `{"id":"A","x":tru}`, `{"id":"A","x":}`, `{"id":"A","x":nullnull}`,
}

// FuzzPlain holds that a record that is read plainly is what encoding/json reads.
func FuzzPlain(f *testing.F) {
	for _, text := range plainTexts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, ok := decodePlain(data)
		if !ok {
			return
		}
		var want record
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("read, though it is %v", err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(specific{})); diff != "" {
			t.Errorf("(-encoding/json +plain):\n%s", diff)
		}
	})
}

func TestRecordsAreReadPlainly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		plainTexts[0]:                       true,
		` {"id" : "A" } `:                   true,
		`{"id":"A","x":{"ID":1,"ID":"\n"}}`: true,
		`{"id":"A","ID":"B"}`:               false,
		`{"id":"A","id":"B"}`:               false,
		`{"id":1}`:                          false,
		`{"id":"A"}x`:                       false,
	} {
		if _, got := decodePlain([]byte(text)); got != want {
			t.Errorf("%s is read plainly: %v, want %v", text, got, want)
		}
	}
}
