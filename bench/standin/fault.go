package standin

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Kind is one way in which an upstream fails. Besides those below, any HTTP
// status from 400 to 599 is a Kind ("429").
type Kind string

// The ways to fail.
const (
	TooManyRequests    Kind = "429" // with Retry-After
	InternalError      Kind = "500"
	ServiceUnavailable Kind = "503"
	GatewayTimeout     Kind = "504" // with the gateway's body
	Reset              Kind = "reset"
	Truncated          Kind = "truncated" // half of the announced body, then the end
	WrongJSON          Kind = "wrongjson" // JSON of another shape
	BrokenJSON         Kind = "brokenjson"
	HTML               Kind = "html"  // 200 and a page, as a captive portal answers
	Drip               Kind = "drip"  // the right answer, a few bytes at a time
	Hang               Kind = "hang"  // no answer until the client goes, or Reset
	Empty              Kind = "empty" // 200 and no body
	Slots              Kind = "slots" // one element fewer than asked for
	Lie                Kind = "lie"   // the answer, about another id than was asked for
	Huge               Kind = "huge"  // the right answer behind 64 MiB of white space
)

// Fault is how, and how often, a call goes wrong. With neither First nor Every
// it is every call; with both, every n-th of the first calls.
type Fault struct {
	Kind       Kind
	First      int           // only the first n calls that the rule covers
	Every      int           // only every n-th of them
	RetryAfter string        // the header as it is to be sent; a 429 sends "1" where it is empty
	Pause      time.Duration // between two pieces of a Drip; 50 ms where it is zero
}

// Rule is a Fault and the calls it concerns: those of an endpoint, of a source,
// or all where On is empty.
type Rule struct {
	On Endpoint
	Fault
}

// ParseRule reads "ON=FAULT", a fault as ParseFault reads it, as in
// "osv.querybatch=429,first=2,retry-after=0". Without "ON=" it concerns all.
func ParseRule(text string) (Rule, error) {
	var on Endpoint
	if name, rest, ok := strings.Cut(text, "="); ok && !strings.Contains(name, ",") {
		on, text = Endpoint(strings.TrimSpace(name)), rest
	}
	if !on.known() {
		return Rule{}, fmt.Errorf("fault on %q: no such source or endpoint; there are %s", on, known())
	}
	fault, err := ParseFault(text)
	return Rule{On: on, Fault: fault}, err
}

// ParseFault reads "KIND[,first=N][,every=N][,retry-after=TEXT][,pause=DURATION]".
func ParseFault(text string) (Fault, error) {
	kind, rest, _ := strings.Cut(text, ",")
	f := Fault{Kind: Kind(strings.TrimSpace(kind))}
	if !f.Kind.known() {
		return Fault{}, fmt.Errorf("fault %q: not a kind; there are a status from 400 to 599 and %s", f.Kind, kindNames())
	}
	for rest != "" {
		var option string
		option, rest, _ = strings.Cut(rest, ",")
		name, value, _ := strings.Cut(strings.TrimSpace(option), "=")
		var err error
		switch name {
		case "first":
			f.First, err = count(value)
		case "every":
			f.Every, err = count(value)
		case "retry-after":
			f.RetryAfter = value
		case "pause":
			f.Pause, err = time.ParseDuration(value)
		default:
			err = errors.New("there are first, every, retry-after and pause")
		}
		if err != nil {
			return Fault{}, fmt.Errorf("fault %q: option %q: %w", text, option, err)
		}
	}
	return f, nil
}

func count(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && n < 1 {
		err = errors.New("it is not above zero")
	}
	return n, err
}

// status returns the HTTP status that k stands for, or 0.
func (k Kind) status() int {
	n, err := strconv.Atoi(string(k))
	if err != nil || n < 400 || n > 599 {
		return 0
	}
	return n
}

func (k Kind) known() bool {
	if k.status() != 0 {
		return true
	}
	switch k {
	case Reset, Truncated, WrongJSON, BrokenJSON, HTML, Drip, Hang, Empty, Slots, Lie, Huge:
		return true
	}
	return false
}

func kindNames() string {
	return "reset, truncated, wrongjson, brokenjson, html, drip, hang, empty, slots, lie, huge"
}

func known() string {
	names := make([]string, 0, len(endpoints))
	for _, e := range endpoints {
		names = append(names, string(e))
	}
	return "osv, epss, kev, depsdev, bulk, " + strings.Join(names, ", ")
}

// activeRule is a Rule that counts the calls it covered.
type activeRule struct {
	Rule
	seen atomic.Int64
}

func activate(rules []Rule) []*activeRule {
	active := make([]*activeRule, 0, len(rules))
	for _, r := range rules {
		active = append(active, &activeRule{Rule: r})
	}
	return active
}

// pick returns the fault of this call or nil: the one in its header, else that
// of the first rule which applies. Rules behind that one do not see the call.
func (s *Server) pick(c *call, e Endpoint, rules []*activeRule) *Fault {
	if c.fault.Kind != "" {
		return &c.fault
	}
	for _, r := range rules {
		if !r.On.covers(e) {
			continue
		}
		n := r.seen.Add(1)
		if (r.First == 0 || n <= int64(r.First)) && (r.Every == 0 || n%int64(r.Every) == 0) {
			return &r.Fault
		}
	}
	return nil
}

func (f *Fault) kind() Kind {
	if f == nil {
		return ""
	}
	return f.Kind
}
