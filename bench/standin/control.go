package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The headers by which a single call asks for its own treatment.
const (
	HeaderFault    = "X-Standin-Fault"     // as ParseFault reads it; First and Every do not count
	HeaderLatency  = "X-Standin-Latency"   // a duration
	HeaderPageSize = "X-Standin-Page-Size" // for whatever is paged
)

func (c *call) applyHeaders(latency Latency) (Latency, error) {
	if text := c.Header.Get(HeaderFault); text != "" {
		fault, err := ParseFault(text)
		if err != nil {
			return latency, fmt.Errorf("%s: %w", HeaderFault, err)
		}
		c.fault = fault
	}
	if text := c.Header.Get(HeaderLatency); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			return latency, fmt.Errorf("%s: %w", HeaderLatency, err)
		}
		latency = Latency{Median: d}
	}
	if text := c.Header.Get(HeaderPageSize); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return latency, fmt.Errorf("%s: %q is not a number above zero", HeaderPageSize, text)
		}
		c.pages.Query, c.pages.Batch, c.pages.DepsDev = n, n, n
	}
	return latency, nil
}

// change is the body of POST /__control: what is absent stays as it is.
type change struct {
	Latency     *string  `json:"latency"` // "20ms"
	P95         *string  `json:"p95"`
	Pages       *Pages   `json:"pages"`
	ClearFaults bool     `json:"clearFaults"` // before Faults are added
	Faults      []string `json:"faults"`      // as ParseRule reads them
}

// status is the body of GET /__stats.
type status struct {
	Counts  Counts   `json:"counts"`
	Total   Count    `json:"total"`
	Records int      `json:"records"`
	Latency string   `json:"latency"`
	P95     string   `json:"p95,omitempty"`
	Pages   Pages    `json:"pages"`
	Faults  []string `json:"faults"`
}

// control answers the paths that steer the stand-in and reports whether r was
// for one of them. They have no latency and are not counted.
func (s *Server) control(w http.ResponseWriter, r *http.Request) bool {
	var err error
	switch r.URL.Path {
	case "/__control":
		err = s.controlChange(w, r)
	case "/__reset":
		s.Reset()
	case "/__latency":
		var ms int
		if ms, err = strconv.Atoi(r.URL.Query().Get("ms")); err == nil && ms < 0 {
			err = fmt.Errorf("ms=%d is below zero", ms)
		}
		if err == nil {
			s.SetLatency(Latency{Median: time.Duration(ms) * time.Millisecond})
		}
	case "/__stats":
	default:
		return false
	}
	if err != nil {
		http.Error(w, fmt.Sprintf("%s: %v", r.URL.Path, err), http.StatusBadRequest)
		return true
	}
	w.Header().Set("Content-Type", typeJSON)
	json.NewEncoder(w).Encode(s.status()) //nolint:errcheck // nobody is left to tell
	return true
}

func (s *Server) controlChange(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return fmt.Errorf("method %s; it takes POST", r.Method)
	}
	var c change
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return err
	}
	rules := make([]Rule, 0, len(c.Faults))
	for _, text := range c.Faults {
		rule, err := ParseRule(text)
		if err != nil {
			return err
		}
		rules = append(rules, rule)
	}
	latency := s.settings.Load().latency
	for _, field := range []struct {
		text *string
		into *time.Duration
	}{{c.Latency, &latency.Median}, {c.P95, &latency.P95}} {
		if field.text == nil {
			continue
		}
		d, err := time.ParseDuration(*field.text)
		if err != nil {
			return err
		}
		*field.into = d
	}
	s.change(func(now *settings) {
		now.latency = latency
		if c.Pages != nil {
			now.pages = c.Pages.withDefaults()
		}
		if c.ClearFaults {
			now.rules = nil
		}
		now.rules = append(now.rules[:len(now.rules):len(now.rules)], activate(rules)...)
	})
	if c.ClearFaults {
		s.letGo()
	}
	return nil
}

func (s *Server) status() status {
	now, counts := s.settings.Load(), s.Counts()
	st := status{
		Counts:  counts,
		Total:   counts.Of(""),
		Records: s.data.Records(),
		Latency: now.latency.Median.String(),
		Pages:   now.pages,
		Faults:  []string{},
	}
	if now.latency.P95 > 0 {
		st.P95 = now.latency.P95.String()
	}
	for _, r := range now.rules {
		st.Faults = append(st.Faults, r.String())
	}
	return st
}

// String returns r as ParseRule reads it.
func (r Rule) String() string {
	text := string(r.Kind)
	if r.On != "" {
		text = string(r.On) + "=" + text
	}
	if r.First > 0 {
		text += ",first=" + strconv.Itoa(r.First)
	}
	if r.Every > 0 {
		text += ",every=" + strconv.Itoa(r.Every)
	}
	if r.RetryAfter != "" {
		text += ",retry-after=" + r.RetryAfter
	}
	if r.Pause > 0 {
		text += ",pause=" + r.Pause.String()
	}
	return text
}
