package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"loadline/graph/wire"
)

func TestLiterals(t *testing.T) {
	t.Parallel()
	base := serve(t, wire.Options{})
	for name, test := range map[string]struct {
		query, want string // want is the answer's beginning
	}{
		"a block that begins on its first line": {"{ text(value: \"\"\"\t\ty\n\t\t\tz\"\"\") }", `{"data":{"text":"\t\ty\nz"}}`},
		"a block with an indentation":           {"{ text(value: \"\"\"\n    a\n      b\n\n    c\n  \"\"\") }", `{"data":{"text":"a\n  b\n\nc"}}`},
		"a block of other line ends":            {"{ text(value: \"\"\"one\r\n  two\r    three\r\n \"\"\") }", `{"data":{"text":"one\ntwo\n  three"}}`},
		"a block with quotes in it":             {"{ text(value: \"\"\"a \\\"\"\"\n  b \\\"\"\"\"\"\") }", `{"data":{"text":"a \"\"\"\nb \"\"\""}}`},
		"a block behind wide characters":        {"# 😀 é\n{ a: text(value: \"😀\") text(value: \"\"\"é\n  😀\"\"\") }", `{"data":{"a":"😀","text":"é\n😀"}}`},
		"a block of blank lines":                {"{ text(value: \"\"\"\n  \n\n\"\"\") }", `{"data":{"text":""}}`},
		"a block with a line that is short":     {"{ text(value: \"\"\"a\n    b\n \n    c\"\"\") }", `{"data":{"text":"a\nb\n\nc"}}`},
		"a block in a default":                  {"query($v: String! = \"\"\"a\n  b\"\"\") { text(value: $v) }", `{"data":{"text":"a\nb"}}`},
		"a block in an object in a fragment":    {"mutation { ...F } fragment F on Mutation { addBook(input: {title: \"\"\"a\n  b\"\"\", author: 1}) { title } }", `{"data":{"addBook":{"title":"a\nb"}}}`},
		"half a pair":                           {`{ text(value: "\uD83D") }`, `{"errors":[{"message":"Invalid Unicode escape sequence: \\uD83D is half of a pair.","locations":[{"line":1,"column":16}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]`},
		"half a pair before a text":             {`{ text(value: "\uD83Dxxxxxx") }`, `{"errors":`},
		"two first halves":                      {`{ text(value: "\uD83D\uD83D") }`, `{"errors":`},
		"the second half first":                 {`{ text(value: "\uDE00\uD83D") }`, `{"errors":`},
		"half a pair behind a pair":             {`{ text(value: "\uD83D\uDE00\uDE00") }`, `{"errors":`},
		"half a pair in a list's default":       {`query($v: [String!] = ["a", "\uDE00"]) { motto }`, `{"errors":`},
		"a pair":                                {`{ text(value: "\uD83D\uDE00") }`, `{"data":{"text":"😀"}}`},
		"what is no escape":                     {`{ text(value: "\\uD83D � \\\\") }`, `{"data":{"text":"\\uD83D � \\\\"}}`},
		"the character that stands for others":  {`{ text(value: "\uFFFD\u{FFFD}") }`, `{"data":{"text":"��"}}`},
		"an ID of more than 64 bits":            {`{ id(value: 123456789012345678901234567890) }`, `{"data":{"id":"123456789012345678901234567890"}}`},
		"an ID that fits":                       {`{ id(value: -12) }`, `{"data":{"id":"-12"}}`},
		"a Float of more than 64 bits":          {`{ float(value: 100000000000000000000) }`, `{"data":{"float":1e+20}}`},
		"an Int of more than 64 bits":           {`{ int(value: 123456789012345678901) }`, `{"errors":`},
		"a text of more than 64 bits":           {`{ text(value: 123456789012345678901) }`, `{"errors":`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a := send(t, base, post(test.query)); !strings.HasPrefix(a.text, test.want) || !json.Valid([]byte(a.text)) {
				t.Errorf("got  %s\nwant %s", a.text, test.want)
			}
		})
	}
}
