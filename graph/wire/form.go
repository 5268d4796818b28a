package wire

import (
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"loadline/spool"
)

const (
	// formSlack is what a multipart request may have beside its files, and the most
	// of each of the parts that are not files.
	formSlack = 1 << 20
	// maxFiles is the most files of a request.
	maxFiles = 100
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
	body := &headed{r: http.MaxBytesReader(w, r.Body, limit)}
	r.Body = io.NopCloser(body)
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, bad("the multipart request cannot be read: %v", err)
	}
	sent := h.Spool.Content(r.ContentLength)
	files, problem := readParts(reader, body, sent)
	if problem != nil {
		sent.Close()
		return nil, problem
	}
	p, problem := formParams(r, sent, files)
	if problem != nil {
		sent.Close()
		return nil, problem
	}
	p.cleanup = append(p.cleanup, sent.Close)
	return p, nil
}

// sentPart is a part of a form, and where it is in what was sent.
type sentPart struct {
	name, file, kind string
	at, size         int64
}

func (p sentPart) section(sent *spool.Content) *io.SectionReader { return sent.Section(p.at, p.size) }

// readParts has all parts come: `operations`, `map`, and the files. Nothing is made
// of them before, which would be in memory for as long as the last of them takes.
func readParts(reader *multipart.Reader, body *headed, sent *spool.Content) ([]sentPart, *problem) {
	var parts []sentPart
	for {
		body.begin()
		part, err := reader.NextPart()
		body.end()
		switch {
		case errors.Is(err, errLongHead):
			return nil, bad("a part has a header of more than %d bytes", maxPartHead)
		case err != nil && len(parts) < len(ofForm):
			return nil, lacking(len(parts))
		case errors.Is(err, io.EOF):
			return parts, nil
		case err != nil:
			return nil, unread(err)
		case len(parts) < len(ofForm) && part.FormName() != ofForm[len(parts)]:
			return nil, lacking(len(parts))
		case len(parts) == len(ofForm)+maxFiles:
			return nil, bad("the form has more than %d files; send them in several requests", maxFiles)
		}
		next := sentPart{name: part.FormName(), file: part.FileName(), kind: part.Header.Get("Content-Type"), at: sent.Size()}
		var from io.Reader = part
		if len(parts) < len(ofForm) {
			from = io.LimitReader(part, formSlack+1)
		}
		if next.size, err = sent.ReadFrom(from); err != nil {
			return nil, unread(err)
		}
		if len(parts) < len(ofForm) && next.size > formSlack {
			return nil, tooLarge(formSlack)
		}
		parts = append(parts, next)
	}
}

// ofForm are the parts that come first.
var ofForm = [...]string{"operations", "map"}

func lacking(n int) *problem {
	return bad("the part `%s` is missing; a multipart request has the parts `operations` and `map`, and then its files", ofForm[n])
}

// formParams makes of the parts of a form what it asks for.
func formParams(r *http.Request, sent *spool.Content, parts []sentPart) (*params, *problem) {
	var texts [len(ofForm)][]byte
	for i := range texts {
		var err error
		if texts[i], err = io.ReadAll(parts[i].section(sent)); err != nil {
			return nil, unread(err)
		}
	}
	b, problem := parseBody(texts[0])
	if problem != nil {
		return nil, problem
	}
	places := make(map[string][]string)
	if err := json.Unmarshal(texts[1], &places); err != nil {
		return nil, bad("the part `map` is not a JSON object that gives a list of places for each file")
	}
	p := b.params(r.Header)
	for _, file := range parts[len(ofForm):] {
		if len(places[file.name]) == 0 {
			return nil, bad("the part `map` gives no place for the file %q", file.name)
		}
		for _, place := range places[file.name] {
			upload := graphql.Upload{File: file.section(sent), Filename: file.file, Size: file.size, ContentType: file.kind}
			if !put(p.Variables, place, upload) {
				return nil, bad("the part `map` gives the file %q the place %q; a place leads to a null in the variables, such as `variables.input.file`", file.name, place)
			}
		}
		delete(places, file.name)
	}
	for name := range places {
		return nil, bad("the file %q of the part `map` has not come", name)
	}
	return p, nil
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
