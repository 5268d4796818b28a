package standin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The limits of the EPSS API.
const (
	maxCVEText   = 2000 // characters of the cve parameter, commas included
	defaultLimit = 100
	maxLimit     = 10_000
)

// score is a row of the daily file and the element it is served as.
type score struct {
	cve              string
	epss, percentile float64
	body             []byte
	shuffle          uint64 // its place in an answer has nothing to do with the request
}

type scores struct {
	date string // YYYY-MM-DD
	rows []score
	by   map[string]int // CVE to its place in rows
}

// parseScores reads the daily file: comment lines, a header, and rows of CVE,
// score and percentile.
func parseScores(table []byte) (scores, error) {
	s := scores{by: map[string]int{}}
	number := 0
	for line := range strings.Lines(string(table)) {
		number++
		line = strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(line, "#"); ok {
			if _, date, ok := strings.Cut(comment, "score_date:"); ok && len(date) >= len("2006-01-02") {
				s.date = date[:len("2006-01-02")]
			}
			continue
		}
		if line == "" || strings.HasPrefix(line, "cve,") {
			continue
		}
		cells := strings.Split(line, ",")
		if len(cells) < 3 {
			return scores{}, fmt.Errorf("line %d: want cve,epss,percentile", number)
		}
		row := score{cve: cells[0], shuffle: hashOf(cells[0])}
		var err, err2 error
		row.epss, err = strconv.ParseFloat(cells[1], 64)
		row.percentile, err2 = strconv.ParseFloat(cells[2], 64)
		if err := cmp.Or(err, err2); err != nil {
			return scores{}, fmt.Errorf("line %d: %w", number, err)
		}
		row.body = row.encode(s.date)
		s.by[row.cve] = len(s.rows)
		s.rows = append(s.rows, row)
	}
	return s, nil
}

// encode writes numbers as the API does: strings with nine decimals.
func (r score) encode(date string) []byte {
	b := appendString([]byte(`{"cve":`), r.cve)
	b = append(b, `,"epss":"`...)
	b = strconv.AppendFloat(b, r.epss, 'f', 9, 64)
	b = append(b, `","percentile":"`...)
	b = strconv.AppendFloat(b, r.percentile, 'f', 9, 64)
	b = append(b, `","date":`...)
	return append(appendString(b, date), '}')
}

// epssScores answers GET /data/v1/epss. Unknown CVEs are absent and the order is
// not that of the request.
func (s *Server) epssScores(c *call) answer {
	params := c.URL.Query()
	// The service runs on PHP, where the last of equal parameters counts.
	cves, ok := last(params, "cve")
	if len(cves) > maxCVEText {
		return jsonAnswer(http.StatusBadRequest, fmt.Appendf(nil,
			`{"status":"ERROR","status-code":400,"version":"1.0","access":"public","message":"cve: more than %d characters"}`, maxCVEText))
	}
	rows, err := s.data.scores.selected(params, cves, ok)
	if err != nil {
		return jsonAnswer(http.StatusBadRequest, append(appendString(
			[]byte(`{"status":"ERROR","status-code":400,"version":"1.0","access":"public","message":`), err.Error()), '}'))
	}
	c.items = len(rows)
	if ok {
		c.items = strings.Count(cves, ",") + 1
	}
	limit, offset := number(params, "limit", defaultLimit), number(params, "offset", 0)
	limit = min(limit, maxLimit)
	page := rows[min(offset, len(rows)):]
	page = page[:min(limit, len(page))]
	slots := make([][]byte, len(page))
	for i, row := range page {
		slots[i] = s.data.scores.rows[row].body
	}
	a := listAnswer(fmt.Sprintf(`{"status":"OK","status-code":200,"version":"1.0","access":"public","total":%d,"offset":%d,"limit":%d,"data":[`,
		len(rows), offset, limit), slots, "]}")
	if envelope, _ := last(params, "envelope"); envelope == "false" || envelope == "0" {
		a.head, a.tail = "[", "]"
	}
	if pretty, _ := last(params, "pretty"); pretty == "true" || pretty == "1" {
		var b bytes.Buffer
		if err := json.Indent(&b, a.bytes(), "", "    "); err == nil {
			return jsonAnswer(http.StatusOK, b.Bytes())
		}
	}
	return a
}

// selected returns the places of the rows that params ask for, in the order of
// the answer.
func (s *scores) selected(params url.Values, cves string, named bool) ([]int, error) {
	var places []int
	if named {
		seen := map[int]bool{}
		for cve := range strings.SplitSeq(cves, ",") {
			place, ok := s.by[strings.ToUpper(strings.TrimSpace(cve))]
			if ok && !seen[place] {
				seen[place] = true
				places = append(places, place)
			}
		}
	} else {
		places = make([]int, len(s.rows))
		for i := range places {
			places[i] = i
		}
	}
	keep, err := filters(params, s.date)
	if err != nil {
		return nil, err
	}
	places = slices.DeleteFunc(places, func(i int) bool {
		return slices.ContainsFunc(keep, func(keep func(*score) bool) bool { return !keep(&s.rows[i]) })
	})
	order, _ := last(params, "order")
	slices.SortFunc(places, func(i, j int) int {
		a, b := &s.rows[i], &s.rows[j]
		switch order {
		case "epss":
			return cmp.Or(cmp.Compare(a.epss, b.epss), cmp.Compare(a.cve, b.cve))
		case "!epss":
			return cmp.Or(cmp.Compare(b.epss, a.epss), cmp.Compare(a.cve, b.cve))
		}
		return cmp.Compare(a.shuffle, b.shuffle)
	})
	return places, nil
}

func filters(params url.Values, today string) ([]func(*score) bool, error) {
	var keep []func(*score) bool
	for name, accept := range map[string]func(r *score, bound float64) bool{
		"epss-gt":       func(r *score, bound float64) bool { return r.epss >= bound },
		"epss-lt":       func(r *score, bound float64) bool { return r.epss <= bound },
		"percentile-gt": func(r *score, bound float64) bool { return r.percentile >= bound },
		"percentile-lt": func(r *score, bound float64) bool { return r.percentile <= bound },
	} {
		text, ok := last(params, name)
		if !ok {
			continue
		}
		bound, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not a number", name, text)
		}
		keep = append(keep, func(r *score) bool { return accept(r, bound) })
	}
	if part, ok := last(params, "q"); ok {
		keep = append(keep, func(r *score) bool { return strings.Contains(r.cve, strings.ToUpper(part)) })
	}
	if day, ok := last(params, "date"); ok && day != today {
		keep = append(keep, func(*score) bool { return false })
	}
	return keep, nil
}

func last(params url.Values, name string) (string, bool) {
	values := params[name]
	if len(values) == 0 {
		return "", false
	}
	return values[len(values)-1], true
}

func number(params url.Values, name string, usual int) int {
	text, _ := last(params, name)
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return usual
	}
	return n
}
