package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// serveMixed writes responses as the parts of a multipart/mixed body: the events
// of a subscription as Apollo's multipart subscriptions, the parts of an operation
// with @defer as the incremental delivery of 2022-08-24.
func serveMixed(ctx context.Context, w http.ResponseWriter, oc *graphql.OperationContext, responses graphql.ResponseHandler, accepted map[string]string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w.Header().Set("Cache-Control", "no-store")
	s := newStream(w, cancel)
	if oc.Operation.Operation == ast.Subscription {
		w.Header().Set("Content-Type", `multipart/mixed; boundary="graphql"; subscriptionSpec=1.0`)
		s.send([]byte("\r\n--graphql"))
		defer s.beat(ctx, "\r\n"+partHeader+"{}\r\n--graphql")()
		for response := responses(ctx); response != nil; response = responses(ctx) {
			part := appendResponse([]byte("\r\n"+partHeader+`{"payload":`), response)
			s.send(append(part, "}\r\n--graphql"...))
		}
		s.send([]byte("--\r\n"))
		return
	}
	w.Header().Set("Content-Type", `multipart/mixed; boundary="-"; deferSpec=20220824`)
	s.send([]byte("\r\n---"))
	defer s.beat(ctx, "")()
	first := true
	for response := responses(ctx); response != nil; response = responses(ctx) {
		part := []byte("\r\n" + partHeader)
		if first {
			if response.HasNext != nil && *response.HasNext {
				response.Data = withoutDeferred(response.Data, oc.Operation.SelectionSet)
			}
			part = appendResponse(part, response)
		} else {
			part = appendIncrement(part, response)
		}
		first = false
		// A client takes a part for complete when it has seen the boundary behind it.
		s.send(append(part, "\r\n---"...))
	}
	s.send([]byte("--\r\n"))
	// What is still on its way, for a client that has gone, must find a reader.
	if ctx.Err() != nil {
		for responses(context.WithoutCancel(ctx)) != nil {
		}
	}
}

const partHeader = "Content-Type: application/json; charset=utf-8\r\n\r\n"

// appendIncrement appends a later part, whose data belongs at its path.
func appendIncrement(b []byte, r *graphql.Response) []byte {
	whole := graphql.Response{HasNext: r.HasNext, Extensions: r.Extensions}
	part := *r
	part.HasNext, part.Extensions = nil, nil
	b = appendResponse(append(b, `{"incremental":[`...), &part)
	b = append(b, "],"...)
	// What is left of the response, without its brace.
	return append(b, appendResponse(nil, &whole)[1:]...)
}

// withoutDeferred removes from the first part of an answer the fields that are
// delivered later: gqlgen writes null for them.
func withoutDeferred(data []byte, set ast.SelectionSet) []byte {
	var b bytes.Buffer
	if err := prune(&b, data, []ast.SelectionSet{set}); err != nil {
		return data
	}
	return b.Bytes()
}

// later says of a field of an answer whether it comes now, later, or both.
type later struct {
	now, deferred bool
	below         []ast.SelectionSet
}

func prune(b *bytes.Buffer, data []byte, sets []ast.SelectionSet) error {
	switch data[0] {
	case '{':
		fields := make(map[string]*later)
		for _, set := range sets {
			collectLater(fields, set, false)
		}
		return each(b, data, '{', '}', func(key string, value json.RawMessage) error {
			f := fields[key]
			if f == nil || len(f.below) == 0 {
				b.Write(value)
				return nil
			}
			return prune(b, value, f.below)
		}, func(key string, value json.RawMessage) bool {
			f := fields[key]
			return f == nil || f.now || !f.deferred || string(value) != "null"
		})
	case '[':
		return each(b, data, '[', ']', func(_ string, value json.RawMessage) error {
			return prune(b, value, sets)
		}, func(string, json.RawMessage) bool { return true })
	default:
		b.Write(data)
		return nil
	}
}

// each copies those elements of a JSON object or array that are wanted.
func each(b *bytes.Buffer, data []byte, open, end byte, write func(string, json.RawMessage) error, wanted func(string, json.RawMessage) bool) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	b.WriteByte(open)
	comma := false
	for d.More() {
		key := ""
		if open == '{' {
			token, err := d.Token()
			if err != nil {
				return err
			}
			key, _ = token.(string)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if !wanted(key, value) {
			continue
		}
		if comma {
			b.WriteByte(',')
		}
		comma = true
		if open == '{' {
			b.WriteString(`"` + key + `":`)
		}
		if err := write(key, value); err != nil {
			return err
		}
	}
	b.WriteByte(end)
	return nil
}

// collectLater notes the fields of a selection by the name that they have in the
// answer. Types of fragments are left aside: a field that comes now for any type
// is kept.
func collectLater(fields map[string]*later, set ast.SelectionSet, deferred bool) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			f := fields[s.Alias]
			if f == nil {
				f = &later{}
				fields[s.Alias] = f
			}
			f.now = f.now || !deferred
			f.deferred = f.deferred || deferred
			if len(s.SelectionSet) > 0 {
				f.below = append(f.below, s.SelectionSet)
			}
		case *ast.InlineFragment:
			collectLater(fields, s.SelectionSet, deferred || s.Directives.ForName("defer") != nil)
		case *ast.FragmentSpread:
			collectLater(fields, s.Definition.SelectionSet, deferred || s.Directives.ForName("defer") != nil)
		}
	}
}
