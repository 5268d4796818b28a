package wire

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

const (
	// formSlack is what a multipart request may have beside its files, and the most
	// of each of the parts that are not files.
	formSlack = 1 << 20
	// smallFile is the size up to which a file is kept in memory.
	smallFile = 1 << 20
)

// preflighted says whether the request has a header that a page of another site
// cannot send without the server's leave, or that its browser vouches for it. A
// form needs no leave.
func preflighted(r *http.Request) bool {
	if r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		return true
	}
	for _, name := range []string{"Graphql-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// readForm reads a request as the GraphQL multipart request specification has it:
// the parts `operations` and `map`, then the files.
func (h *Handler) readForm(w http.ResponseWriter, r *http.Request) (*params, *problem) {
	limit := h.MaxUpload + formSlack
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	if !preflighted(r) {
		return nil, bad("a multipart request needs the header `GraphQL-Require-Preflight: true`, so that no page of another site can send it")
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, bad("the multipart request cannot be read: %v", err)
	}
	operations, problem := readPart(parts, "operations")
	if problem != nil {
		return nil, problem
	}
	b, problem := parseBody(operations)
	if problem != nil {
		return nil, problem
	}
	text, problem := readPart(parts, "map")
	if problem != nil {
		return nil, problem
	}
	places := make(map[string][]string)
	if err := json.Unmarshal(text, &places); err != nil {
		return nil, bad("the part `map` is not a JSON object that gives a list of places for each file")
	}
	p := b.params(r.Header)
	if problem := p.readFiles(parts, places); problem != nil {
		p.close()
		return nil, problem
	}
	return p, nil
}

// readPart reads the next part, which must have the name.
func readPart(parts *multipart.Reader, name string) ([]byte, *problem) {
	part, err := parts.NextPart()
	if err == nil && part.FormName() == name {
		text, err := io.ReadAll(io.LimitReader(part, formSlack+1))
		switch {
		case err != nil:
			return nil, unread(err)
		case len(text) > formSlack:
			return nil, tooLarge(formSlack)
		}
		return text, nil
	}
	return nil, bad("the part `%s` is missing; a multipart request has the parts `operations` and `map`, and then its files", name)
}

func (p *params) readFiles(parts *multipart.Reader, places map[string][]string) *problem {
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return unread(err)
		}
		name := part.FormName()
		if len(places[name]) == 0 {
			return bad("the part `map` gives no place for the file %q", name)
		}
		open, size, problem := p.readFile(part)
		if problem != nil {
			return problem
		}
		for _, place := range places[name] {
			file, err := open()
			if err != nil {
				panic(err) // of a file that has just been written
			}
			upload := graphql.Upload{File: file, Filename: part.FileName(), Size: size, ContentType: part.Header.Get("Content-Type")}
			if !put(p.Variables, place, upload) {
				return bad("the part `map` gives the file %q the place %q; a place leads to a null in the variables, such as `variables.input.file`", name, place)
			}
		}
		delete(places, name)
	}
	for name := range places {
		return bad("the file %q of the part `map` has not come", name)
	}
	return nil
}

// readFile keeps a file until the request has been answered; open returns a
// reader of its own at each call.
func (p *params) readFile(r io.Reader) (open func() (io.ReadSeeker, error), size int64, _ *problem) {
	var small bytes.Buffer
	n, err := io.Copy(&small, io.LimitReader(r, smallFile))
	if err != nil {
		return nil, 0, unread(err)
	}
	if n < smallFile {
		return func() (io.ReadSeeker, error) { return bytes.NewReader(small.Bytes()), nil }, n, nil
	}
	file, err := os.CreateTemp("", "loadline-upload-")
	if err != nil {
		panic(err)
	}
	p.cleanup = append(p.cleanup, func() { file.Close(); os.Remove(file.Name()) })
	if _, err := file.Write(small.Bytes()); err != nil {
		panic(err)
	}
	rest, err := io.Copy(file, r)
	if err != nil {
		return nil, 0, unread(err)
	}
	size = n + rest
	return func() (io.ReadSeeker, error) { return io.NewSectionReader(file, 0, size), nil }, size, nil
}

// put puts a file where a place such as `variables.files.0` leads, which must be
// a null.
func put(variables map[string]any, place string, file graphql.Upload) bool {
	rest, ok := strings.CutPrefix(place, "variables.")
	if !ok {
		return false
	}
	steps := strings.Split(rest, ".")
	var at any = variables
	for i, step := range steps {
		var value any
		var set func()
		switch in := at.(type) {
		case map[string]any:
			value, ok = in[step]
			set = func() { in[step] = file }
		case []any:
			n, err := strconv.Atoi(step)
			if ok = err == nil && n >= 0 && n < len(in); ok {
				value = in[n]
			}
			set = func() { in[n] = file }
		default:
			return false
		}
		if !ok {
			return false
		}
		if i == len(steps)-1 {
			if value != nil {
				return false
			}
			set()
			return true
		}
		at = value
	}
	return false
}
