package standin

import (
	"fmt"
	"net/http"
	"strings"
)

const (
	maxQueries = 1000 // queries of one batch
	maxID      = 100  // characters of a record's id
)

// osvVuln answers GET /v1/vulns/{id}: withdrawn records too, and for an id that
// only other records name, those.
func (s *Server) osvVuln(c *call) answer {
	c.items = 1
	switch {
	case c.key == "":
		return statusAnswer(http.StatusBadRequest, codeInvalidArgument, "ID is required")
	case len(c.key) > maxID:
		return statusAnswer(http.StatusBadRequest, codeInvalidArgument, "ID is too long")
	}
	if r, ok := s.data.records[c.key]; ok {
		return answer{contentType: typeJSON, whole: r.body, id: r.id}
	}
	if named, ok := s.data.aliases[c.key]; ok {
		return statusAnswer(http.StatusNotFound, codeNotFound,
			"Vulnerability not found, but the following aliases were: "+strings.Join(named, " "))
	}
	return statusAnswer(http.StatusNotFound, codeNotFound, "Vulnerability not found")
}

// osvQuery answers POST /v1/query with whole records.
func (s *Server) osvQuery(c *call) answer {
	c.items = 1
	var q query
	if err := decode(c.body, &q); err != nil {
		return badBody(err)
	}
	at, err := s.parseQuery(&q)
	if err != nil {
		return statusAnswer(http.StatusBadRequest, codeInvalidArgument, err.Error())
	}
	budget := c.pages.Bytes
	page, err := s.page(at, c.pages.Query, c.pages.TokenFirst, &budget, func(r *record) int { return len(r.body) })
	if err != nil {
		return statusAnswer(http.StatusBadRequest, codeInvalidArgument, err.Error())
	}
	slots := make([][]byte, len(page.records))
	for i, r := range page.records {
		slots[i] = r.body
	}
	switch {
	case len(slots) == 0:
		return jsonAnswer(http.StatusOK, page.appendTo(nil))
	case page.next == "":
		return listAnswer(`{"vulns":[`, slots, `]}`)
	}
	return listAnswer(`{"vulns":[`, slots, `],"next_page_token":"`+page.next+`"}`)
}

// osvQueryBatch answers POST /v1/querybatch: a result for each query, in the
// order of the queries, with ids only.
func (s *Server) osvQueryBatch(c *call) answer {
	var batch struct {
		Queries []*query `json:"queries"`
	}
	if err := decode(c.body, &batch); err != nil {
		return badBody(err)
	}
	c.items = len(batch.Queries)
	if len(batch.Queries) > maxQueries {
		return statusAnswer(http.StatusBadRequest, codeInvalidArgument, "too many queries")
	}
	if len(batch.Queries) == 0 {
		return jsonAnswer(http.StatusOK, []byte("{}"))
	}
	parsed := make([]question, len(batch.Queries))
	for i, q := range batch.Queries {
		var err error
		if parsed[i], err = s.parseQuery(q); err != nil {
			return badQuery(i, err)
		}
	}
	slots := make([][]byte, len(parsed))
	budget := c.pages.Bytes
	for i, at := range parsed {
		page, err := s.page(at, c.pages.Batch, c.pages.TokenFirst, &budget, func(r *record) int { return len(r.id) + timestampSize })
		if err != nil {
			return badQuery(i, err)
		}
		slots[i] = page.appendTo(nil)
	}
	return listAnswer(`{"results":[`, slots, `]}`)
}

// timestampSize is about what a modified time adds to the size of an answer.
const timestampSize = 14

// badQuery wraps the error of one query as the service's gRPC layer does.
func badQuery(index int, err error) answer {
	return statusAnswer(http.StatusBadRequest, codeInvalidArgument,
		fmt.Sprintf("error in query at index %d: rpc error: code = InvalidArgument desc = %s", index, err))
}

// badBody is the gateway's answer to what is no JSON of the right shape; its
// wording is made up.
func badBody(err error) answer {
	message := "invalid JSON: " + err.Error()
	if name, ok := unknownField(err); ok {
		message = fmt.Sprintf("invalid name %s: Cannot find field.", name)
	}
	return statusAnswer(http.StatusBadRequest, codeInvalidArgument, message)
}

// page is a part of the answer to a question.
type page struct {
	records []*record
	next    string
}

// page returns the records from the place that the question's token names. It
// ends at size records or when budget is used up, and then says where to go on,
// even where nothing is left: the service does not look ahead either.
func (s *Server) page(at question, size int, tokenFirst bool, budget *int, weight func(*record) int) (page, error) {
	if at.unsupported {
		return page{}, nil
	}
	start := 0
	if at.token != "" && at.token != startToken {
		var ok bool
		if start, ok = offset(at.hash(), at.token); !ok {
			return page{}, errInvalidCursor
		}
	}
	if at.token == "" && tokenFirst || *budget <= 0 {
		if at.token == "" {
			return page{next: startToken}, nil
		}
		if *budget <= 0 {
			return page{next: at.token}, nil
		}
	}
	all := s.matching(at)
	if start > len(all) {
		return page{}, errInvalidCursor
	}
	var p page
	for _, r := range all[start:] {
		p.records = append(p.records, r)
		*budget -= weight(r)
		if len(p.records) >= size || *budget <= 0 {
			p.next = token(at.hash(), start+len(p.records))
			break
		}
	}
	return p, nil
}

// appendTo appends p as a result of a batch.
func (p page) appendTo(b []byte) []byte {
	b = append(b, '{')
	if len(p.records) > 0 {
		b = append(b, `"vulns":[`...)
		for i, r := range p.records {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, r.ref...)
		}
		b = append(b, ']')
	}
	if p.next != "" {
		if len(p.records) > 0 {
			b = append(b, ',')
		}
		b = append(b, `"next_page_token":"`...)
		b = append(b, p.next...)
		b = append(b, '"')
	}
	return append(b, '}')
}
