package lockfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/BurntSushi/toml"
)

// decodeTOML decodes a TOML document into a struct. Its parser recurses into
// values without a limit of its own, so deep ones are refused beforehand.
func decodeTOML(data []byte, into any) error {
	depth, line := 0, 1
	for _, c := range data {
		switch c {
		case '\n':
			line++
		case '[', '{':
			if depth++; depth > maxDepth {
				return malformed(lineNo(line), "nested deeper than %d levels", maxDepth)
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	_, err := toml.NewDecoder(bytes.NewReader(data)).Decode(into)
	if perr := (toml.ParseError{}); errors.As(err, &perr) {
		return malformed(lineNo(perr.Position.Line), "not valid TOML: %s", perr.Message)
	}
	if err != nil {
		return malformed("", "not of the expected shape: %v", err)
	}
	return nil
}

// scalar returns the spelling of a TOML or YAML value that may be written as a
// string or as a number; nothing for any other.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64, float64:
		return fmt.Sprint(v)
	}
	return ""
}

// element returns the path of one table of an array of tables.
func element(array string, i int) string { return fmt.Sprintf("%s[%d]", array, i) }
