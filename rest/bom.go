// Package rest is the part of the API that is not GraphQL: uploading a document,
// and fetching one, with nothing but curl.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loadline/graph/model"
	"loadline/job"
	"loadline/spool"
	"loadline/store"
)

// longestWait is the most that ?wait= may ask for: the server gives an answer five
// minutes.
const longestWait = 4 * time.Minute

// accepted says what became of an upload.
type accepted struct {
	Job acceptedJob `json:"job"`
	Bom acceptedBom `json:"bom"`
}

type acceptedJob struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Error string `json:"error,omitempty"`
}

type acceptedBom struct {
	ID     string `json:"id"`
	Digest string `json:"digest"`
}

// PutBom takes a document in: PUT /api/v1/boms?project=NAME&release=VERSION with
// the document as the body, and fileName=NAME where content alone may not tell
// the format. It is kept in the space until all of it is there. It answers 202
// with the job and the Bom; with wait=60s, 200 once the job has succeeded, 500 once
// it has failed, 409 if it was cancelled, 410 if the release was deleted meanwhile,
// or 202 when the time is up. Pages of other sites are refused.
func PutBom(ingest *job.Ingest, space *spool.Spool, runner *job.Runner, log *slog.Logger) http.Handler {
	ours := http.NewCrossOriginProtection()
	ours.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "FORBIDDEN", "this request comes from a page of another site; upload from the server's own pages, or from a program")
	}))
	return ours.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut {
			w.Header().Set("Allow", http.MethodPut)
			refuse(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send the document with PUT, not "+r.Method)
			return
		}
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			refuse(w, http.StatusBadRequest, "INVALID", fmt.Sprintf("the URL's query cannot be read: %v; percent-encode the names in it, as curl's --url-query does", err))
			return
		}
		wait, err := waitOf(query.Get("wait"))
		if err != nil {
			refuse(w, http.StatusBadRequest, "INVALID", err.Error())
			return
		}
		bom, j, err := ingest.Receive(r.Context(), space, job.Upload{
			Project:  query.Get("project"),
			Release:  query.Get("release"),
			FileName: query.Get("fileName"),
			Content:  r.Body,
			Size:     r.ContentLength,
		})
		if err != nil {
			refuseUpload(w, r, log, err)
			return
		}
		if wait > 0 {
			if j, err = waitFor(r.Context(), runner, j, wait); errors.Is(err, store.ErrNotFound) {
				refuse(w, http.StatusGone, "DELETED", "the release was deleted before the document's components were stored, and the document with it; send it again if it is still wanted")
				return
			}
			if err != nil {
				log.WarnContext(r.Context(), "upload not waited for", "error", err)
			}
		}
		answer(w, accepted{
			Job: acceptedJob{ID: model.EncodeKey(model.KindJob, j.ID), State: j.State, Error: j.Error},
			Bom: acceptedBom{ID: model.EncodeKey(model.KindBom, bom.ID), Digest: bom.Digest},
		})
	}))
}

// refuseUpload says why a document was not accepted.
func refuseUpload(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	var refused *job.Refusal
	switch {
	case errors.As(err, &refused):
		refuse(w, statusOf(refused), refused.Code, detail(refused))
	case r.Context().Err() != nil:
		stopped(w)
	default:
		log.ErrorContext(r.Context(), "upload failed", "error", err)
		refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "the document could not be stored; nothing has changed")
	}
}

// stopped answers a request that came to no end. Its client has gone; or the server
// is about to, and a client that heard nothing would take that for success.
func stopped(w http.ResponseWriter) {
	refuse(w, http.StatusServiceUnavailable, "BUSY", "the server is being stopped; send the request again in a moment")
}

// answer says how far an upload has come. A job that did not succeed is an error,
// so that `curl -f` fails: the document itself has been found good before.
func answer(w http.ResponseWriter, a accepted) {
	switch a.Job.State {
	case store.JobSucceeded:
		write(w, http.StatusOK, "application/json", a)
	case store.JobFailed:
		unfinished(w, http.StatusInternalServerError, "JOB_FAILED", "the document is stored, its components could not be: "+a.Job.Error+"; retryJob tries again", a)
	case store.JobCancelled:
		unfinished(w, http.StatusConflict, "JOB_CANCELLED", "the document is stored, its job was cancelled; retryJob goes on with it", a)
	default:
		write(w, http.StatusAccepted, "application/json", a)
	}
}

// waitOf reads how long to wait; 0 is not at all.
func waitOf(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	wait, err := time.ParseDuration(text)
	if err != nil || wait < 0 || wait > longestWait {
		return 0, fmt.Errorf("wait is %q: give a duration such as 60s, at most %s", text, longestWait)
	}
	return wait, nil
}

// waitFor is the Runner's Wait for a limited time.
func waitFor(ctx context.Context, runner *job.Runner, j store.Job, wait time.Duration) (store.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return runner.Wait(ctx, j)
}

// GetExport hands out a document that exportBom has written: GET
// /api/v1/exports/{id} with the id of its job. While it is being fetched it is kept
// in the space, not in memory: clients may take their time.
func GetExport(space *spool.Spool, runner *job.Runner, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, ok := model.DecodeKey(r.PathValue("id"), model.KindJob)
		var e store.Export
		err := store.ErrNotFound
		kept := space.Content(-1)
		defer kept.Close()
		if ok {
			e, err = runner.Exported(r.Context(), key)
		}
		if err == nil {
			_, err = kept.ReadFrom(bytes.NewReader(e.Content))
			e.Content = nil
		}
		switch {
		case errors.Is(err, store.ErrNotFound):
			refuse(w, http.StatusNotFound, "NOT_FOUND", "there is no document with this id: it is not written yet, or has expired; exportBom writes it anew")
			return
		case errors.Is(err, spool.ErrFull):
			refuse(w, http.StatusServiceUnavailable, "BUSY", "what is being sent and fetched takes all the space that the server has for it; try again in a moment")
			return
		case err != nil && r.Context().Err() != nil:
			stopped(w)
			return
		case err != nil:
			log.ErrorContext(r.Context(), "export failed", "error", err)
			refuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "the document could not be read")
			return
		}
		w.Header().Set("Content-Type", e.MediaType)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", e.FileName))
		http.ServeContent(w, r, "", e.CreatedAt, kept.Section(0, kept.Size()))
	})
}

// problem is an error as RFC 9457 has it, with the code that the GraphQL API
// gives to the same refusal, and what was accepted nevertheless.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
	*accepted
}

func newProblem(status int, code, detail string) problem {
	return problem{Title: strings.ToLower(http.StatusText(status)), Status: status, Detail: detail, Code: code}
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
	case "TOO_SLOW":
		return http.StatusRequestTimeout
	case "BUSY":
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	write(w, status, "application/problem+json", newProblem(status, code, detail))
}

// unfinished is refuse for an upload that has been accepted.
func unfinished(w http.ResponseWriter, status int, code, detail string, a accepted) {
	p := newProblem(status, code, detail)
	p.accepted = &a
	write(w, status, "application/problem+json", p)
}

func write(w http.ResponseWriter, status int, mediaType string, body any) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The client is gone when this fails, and nobody is left to tell.
	_ = json.NewEncoder(w).Encode(body)
}
