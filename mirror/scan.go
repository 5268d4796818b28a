package mirror

import "bytes"

// eachValue calls visit with what follows each occurrence of a key in a JSON
// text, until visit returns false. The key is given with its quotes. In texts a
// quote has a backslash before it, so none of them is mistaken for a key.
func eachValue(text []byte, key string, visit func(value []byte) bool) {
	for {
		i := bytes.Index(text, []byte(key))
		if i < 0 {
			return
		}
		text = text[i+len(key):]
		value := bytes.TrimLeft(text, " \t\r\n")
		if len(value) == 0 || value[0] != ':' {
			continue
		}
		if !visit(bytes.TrimLeft(value[1:], " \t\r\n")) {
			return
		}
	}
}

// stringAt returns the string that a JSON text starts with, as it is written,
// and what follows it; nil where there is none.
func stringAt(text []byte) (s, rest []byte) {
	if len(text) == 0 || text[0] != '"' {
		return nil, nil
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[1:i], text[i+1:]
		}
	}
	return nil, nil
}

// objectAt returns the object that a JSON text starts with, and what follows it;
// nil where there is none.
func objectAt(text []byte) (object, rest []byte) {
	if len(text) == 0 || text[0] != '{' {
		return nil, nil
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			_, after := stringAt(text[i:])
			if after == nil {
				return nil, nil
			}
			i = len(text) - len(after) - 1
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[:i+1], text[i+1:]
			}
		}
	}
	return nil, nil
}

// namedIDs are the ids that a record may be linked by beside its own: those in
// any list of aliases or of upstreams.
func namedIDs(record []byte) []string {
	var ids []string
	for _, key := range []string{`"aliases"`, `"upstream"`} {
		eachValue(record, key, func(list []byte) bool {
			if len(list) == 0 || list[0] != '[' {
				return true
			}
			for {
				list = bytes.TrimLeft(list[1:], " \t\r\n")
				id, rest := stringAt(list)
				if rest == nil {
					return true
				}
				ids = append(ids, string(id))
				list = bytes.TrimLeft(rest, " \t\r\n")
				if len(list) == 0 || list[0] != ',' {
					return true
				}
			}
		})
	}
	return ids
}
