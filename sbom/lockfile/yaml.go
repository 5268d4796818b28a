package lockfile

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// yamlDocuments returns the documents of a YAML stream as trees. Aliases, which
// no package manager writes, stand for nothing: a small file stays small.
func yamlDocuments(data []byte) ([]*yaml.Node, error) {
	var documents []*yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document yaml.Node
		err := dec.Decode(&document)
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			found := yamlLine.FindStringSubmatch(err.Error())
			location := ""
			if found[1] != "" {
				location = "line " + found[1]
			}
			return nil, malformed(location, "not valid YAML: %s", strings.TrimPrefix(err.Error(), found[0]))
		}
		if len(document.Content) == 1 {
			documents = append(documents, document.Content[0])
		}
	}
}

// entries yields the keys and values of a mapping; none for what is no mapping.
func entries(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// field returns the value of a mapping's key; nil where there is none.
func field(n *yaml.Node, name string) *yaml.Node {
	for key, value := range entries(n) {
		if key.Value == name {
			return value
		}
	}
	return nil
}

// fieldText returns the scalar value of a mapping's key; empty where there is none.
func fieldText(n *yaml.Node, name string) string {
	return nodeText(field(n, name))
}

func nodeText(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// items returns the elements of a sequence; none for what is no sequence.
func items(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}
