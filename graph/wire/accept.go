package wire

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	jsonType     = "application/json"
	responseType = "application/graphql-response+json"
	eventType    = "text/event-stream"
	mixedType    = "multipart/mixed"
)

// form is how a response is written.
type form int

const (
	formNone form = iota
	formJSON
	formEvents
	formMixed
)

// accept is what an Accept header says of the media types that are offered.
type accept struct {
	// json is the JSON type that the client likes best, or "" where it takes none.
	json string
	// quality is how much it likes each of the offered types, 0 where it takes it not.
	quality map[string]float64
	// mixed are the parameters of multipart/mixed.
	mixed map[string]string
}

// parseAccept reads the header. Without one, and for wildcards, JSON is
// application/json, as older clients expect.
func parseAccept(h http.Header) accept {
	values := h.Values("Accept")
	switch {
	case len(values) == 0:
		return accept{json: jsonType, quality: map[string]float64{jsonType: 1}}
	case len(values) == 1 && (values[0] == jsonType || values[0] == responseType):
		return accept{json: values[0], quality: map[string]float64{values[0]: 1}}
	}
	a := accept{quality: make(map[string]float64)}
	wildcard := 0.0
	refused := make(map[string]bool)
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil || q < 0 || q > 1 {
				continue
			}
		}
		switch kind {
		case "*/*", "application/*":
			wildcard = max(wildcard, q)
		case jsonType, responseType:
			refused[kind] = q == 0
			// Of two that it likes alike, the one that it names first.
			if q > a.quality[a.json] {
				a.json = kind
			}
			a.quality[kind] = q
		case eventType, mixedType:
			if kind == mixedType && q > a.quality[kind] {
				a.mixed = params
			}
			a.quality[kind] = max(q, a.quality[kind])
		}
	}
	if a.json == "" && wildcard > 0 {
		for _, kind := range []string{jsonType, responseType} {
			if !refused[kind] {
				a.json = kind
				a.quality[kind] = wildcard
				break
			}
		}
	}
	return a
}

// takes says whether the client names the type.
func (a accept) takes(kind string) bool { return a.quality[kind] > 0 }

// choose returns the form of the answer to an operation. What is one response
// is written as JSON unless the client does not take that, or likes another form better.
func (a accept) choose(subscription, deferred bool) form {
	better := formNone
	switch events, mixed := a.quality[eventType], a.quality[mixedType]; {
	case mixed > 0 && (mixed >= events || deferred):
		better = formMixed
	case events > 0:
		better = formEvents
	}
	switch {
	case subscription:
		return better
	case deferred && better == formMixed:
		return formMixed
	case a.json != "" && a.quality[a.json] >= max(a.quality[eventType], a.quality[mixedType]):
		return formJSON
	case better == formNone && a.json != "":
		return formJSON
	default:
		return better
	}
}

// errorType is the type of an error of a request, also for clients that take no JSON.
func (a accept) errorType() string {
	if a.json == "" {
		return responseType
	}
	return a.json
}

// foreign says whether a page of another site has sent the request. Browsers
// tell; other programs send neither header.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
	default:
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

// upgrades says whether the client wants to speak WebSocket. Others, such as HTTP/2
// by h2c, are offers that a server may leave alone.
func upgrades(r *http.Request) bool {
	for offer := range strings.SplitSeq(strings.Join(r.Header.Values("Upgrade"), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(offer), "websocket") {
			return true
		}
	}
	return false
}
