// Package rest is the part of the API that is not GraphQL: uploading a document
// with nothing but curl.
package rest

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"loadline/graph/model"
	"loadline/job"
)

// accepted is the answer to an upload.
type accepted struct {
	Job struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"job"`
	Bom struct {
		ID     string `json:"id"`
		Digest string `json:"digest"`
	} `json:"bom"`
}

// problem is an error as RFC 9457 has it, with the code that the GraphQL API
// gives to the same refusal.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

// PutBom takes a document in: PUT /api/v1/boms?project=NAME&release=VERSION with
// the document as the body, and fileName=NAME where content alone may not tell
// the format. It answers 202 with the job and the Bom.
func PutBom(ingest *job.Ingest, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut {
			w.Header().Set("Allow", http.MethodPut)
			refuse(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send the document with PUT, not "+r.Method)
			return
		}
		query := r.URL.Query()
		bom, j, err := ingest.Accept(r.Context(), job.Upload{
			Project:  query.Get("project"),
			Release:  query.Get("release"),
			FileName: query.Get("fileName"),
			Content:  r.Body,
		})
		var refused *job.Refusal
		switch {
		case errors.As(err, &refused):
			refuse(w, statusOf(refused), refused.Code, detail(refused))
			return
		case err != nil && r.Context().Err() != nil:
			return
		case err != nil:
			log.ErrorContext(r.Context(), "upload failed", "error", err)
			refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "the document could not be stored; nothing has changed")
			return
		}
		var a accepted
		a.Job.ID, a.Job.State = model.EncodeKey(model.KindJob, j.ID), j.State
		a.Bom.ID, a.Bom.Digest = model.EncodeKey(model.KindBom, bom.ID), bom.Digest
		write(w, http.StatusAccepted, "application/json", a)
	})
}

// detail is the refusal in the words of this API.
func detail(r *job.Refusal) string {
	if r.Field == "document" {
		return r.Message
	}
	return r.Message + ": give it in the query, as ?project=NAME&release=VERSION"
}

func statusOf(r *job.Refusal) int {
	switch r.Code {
	case "TOO_LARGE":
		return http.StatusRequestEntityTooLarge
	case "UNSUPPORTED_FORMAT":
		return http.StatusUnsupportedMediaType
	case "MALFORMED_DOCUMENT":
		return http.StatusUnprocessableEntity
	default:
		return http.StatusBadRequest
	}
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	write(w, status, "application/problem+json", problem{
		Title:  strings.ToLower(http.StatusText(status)),
		Status: status,
		Detail: detail,
		Code:   code,
	})
}

func write(w http.ResponseWriter, status int, mediaType string, body any) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The client is gone when this fails, and nobody is left to tell.
	_ = json.NewEncoder(w).Encode(body)
}
