package lockfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/BurntSushi/toml"
)

// What no lockfile reaches, and what the parser takes quadratic time for.
const (
	maxTOMLDepth = 100 // arrays and inline tables within each other
	maxTOMLKey   = 32  // parts of a dotted key
)

// decodeTOML decodes a TOML document into a struct.
func decodeTOML(data []byte, into any) error {
	if err := checkTOML(data); err != nil {
		return err
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

// checkTOML refuses what the parser, which has no limits, would not survive.
func checkTOML(data []byte) error {
	depth, dots, line := 0, 0, 1
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '\n':
			dots = 0
			line++
		case '=', ',':
			dots = 0
		case '.':
			if dots++; dots >= maxTOMLKey {
				return malformed(lineNo(line), "a key of more than %d parts", maxTOMLKey)
			}
		case '[', '{':
			if depth++; depth > maxTOMLDepth {
				return malformed(lineNo(line), "nested deeper than %d levels", maxTOMLDepth)
			}
		case ']', '}':
			depth = max(depth-1, 0)
		case '#':
			i = lineEnd(data, i) - 1
		case '"', '\'':
			end := tomlStringEnd(data, i)
			line += bytes.Count(data[i:end], []byte{'\n'})
			i = end - 1
		}
	}
	return nil
}

// tomlStringEnd returns the index behind the string that begins at i. One that
// is not closed ends with its line, or with the document where it may have many.
func tomlStringEnd(data []byte, i int) int {
	quote := data[i]
	if long := bytes.Repeat([]byte{quote}, 3); bytes.HasPrefix(data[i:], long) {
		for j := i + 3; j < len(data); j++ {
			if data[j] == '\\' && quote == '"' {
				j++
			} else if bytes.HasPrefix(data[j:], long) {
				return j + 3
			}
		}
		return len(data)
	}
	for j := i + 1; j < len(data); j++ {
		switch {
		case data[j] == '\n':
			return j
		case data[j] == '\\' && quote == '"':
			j++
		case data[j] == quote:
			return j + 1
		}
	}
	return len(data)
}

func lineEnd(data []byte, i int) int {
	if n := bytes.IndexByte(data[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(data)
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
