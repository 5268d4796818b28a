package graph

import (
	"fmt"
	"mime"
	"net/http"
)

const (
	// maxOperation is the most bytes of a request without files. A document that
	// comes as text is in it.
	maxOperation = 32 << 20
	// multipartSlack is what a multipart request may have beside its files.
	multipartSlack = 1 << 20
)

// limitBody cuts requests that are too long: those with files at maxUpload, all
// others at maxOperation.
func limitBody(next http.Handler, maxUpload int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(maxOperation)
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
			limit = maxUpload + multipartSlack
		}
		if r.ContentLength > limit {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			fmt.Fprintf(w, `{"errors":[{"message":"the request has %d bytes; at most %d are accepted. Send documents as files","extensions":{"code":"TOO_LARGE"}}]}`, r.ContentLength, limit)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}
