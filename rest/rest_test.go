package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"loadline/graph/model"
	"loadline/job"
	"loadline/rest"
	"loadline/spool"
	"loadline/store"
	"loadline/store/storetest"
)

const document = `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
 {"type":"library","bom-ref":"a","name":"a","version":"1","purl":"pkg:npm/a@1"}]}`

// server is the API, with or without somebody who works on its jobs.
func server(t *testing.T, s *store.Store, work bool) string {
	t.Helper()
	return serverWith(t, s, spool.New(1<<20), work)
}

func serverWith(t *testing.T, s *store.Store, space *spool.Spool, work bool) string {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	hub := job.NewHub()
	ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
	runner := job.NewRunner(s, hub, ingest, "test", time.Now, log)
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	if work {
		workers.Go(func() { runner.Run(ctx, 1) })
	}
	workers.Go(func() { hub.Keep(ctx, s, log) })
	t.Cleanup(func() { cancel(); workers.Wait() })
	mux := http.NewServeMux()
	mux.Handle("/api/v1/boms", rest.PutBom(ingest, space, runner, log))
	mux.Handle("GET /api/v1/exports/{id}", rest.GetExport(space, runner, log))
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	return web.URL
}

type answer struct {
	Job    struct{ ID, State, Error string }
	Bom    struct{ ID, Digest string }
	Code   string
	Detail string
}

func put(t *testing.T, url string, body io.Reader) (int, answer) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, a
}

func TestPutBomWaits(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		url := server(t, s, true)
		status, a := put(t, url+"/api/v1/boms?project=shop&release=1&wait=60s", strings.NewReader(document))
		if status != http.StatusOK || a.Job.State != store.JobSucceeded {
			t.Errorf("status %d, answer %+v", status, a)
		}
	})
}

// Whoever waits hears of a job that does not succeed by the status.
func TestPutBomTellsHowTheJobEnded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end                 func(context.Context, *store.Tx, store.Job) (store.Job, error)
		status              int
		state, code, detail string
	}{
		"it failed": {
			func(ctx context.Context, tx *store.Tx, j store.Job) (store.Job, error) {
				return tx.FailJob(ctx, j, "the disk is full")
			},
			http.StatusInternalServerError, store.JobFailed, "JOB_FAILED", "the disk is full",
		},
		"it was cancelled": {
			func(ctx context.Context, tx *store.Tx, j store.Job) (store.Job, error) { return tx.StopJob(ctx, j) },
			http.StatusConflict, store.JobCancelled, "JOB_CANCELLED", "cancelled",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, s *store.Store) {
				url := server(t, s, false)
				var ended sync.WaitGroup
				ended.Go(func() {
					// A worker of another node.
					for t.Context().Err() == nil {
						j, err := s.ClaimJob(t.Context(), "other", time.Minute, store.KindIngestBom)
						if err != nil {
							continue
						}
						if err := s.InTx(t.Context(), func(tx *store.Tx) error {
							_, err := test.end(t.Context(), tx, j)
							return err
						}); err != nil {
							t.Error(err)
						}
						return
					}
				})
				status, a := put(t, url+"/api/v1/boms?project=shop&release=1&wait=60s", strings.NewReader(document))
				ended.Wait()
				if status != test.status || a.Job.State != test.state || a.Code != test.code || !strings.Contains(a.Detail, test.detail) || a.Job.ID == "" || a.Bom.Digest == "" {
					t.Errorf("status %d, answer %+v", status, a)
				}
			})
		})
	}
}

// A release is deleted while somebody waits for its document: its job is cancelled,
// then removed.
func TestPutBomWhoseReleaseIsDeleted(t *testing.T) {
	t.Parallel()
	for name, clearAway := range map[string]bool{"just now": false, "and cleared away": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, s *store.Store) {
				url := server(t, s, false)
				var deleted sync.WaitGroup
				deleted.Go(func() {
					err := deleteClaimed(t.Context(), s, clearAway)
					if err != nil {
						t.Error(err)
					}
				})
				status, a := put(t, url+"/api/v1/boms?project=shop&release=1&wait=60s", strings.NewReader(document))
				deleted.Wait()
				if status != http.StatusGone || a.Code != "DELETED" || !strings.Contains(a.Detail, "send it again") {
					t.Errorf("status %d, answer %+v", status, a)
				}
			})
		})
	}
}

// deleteClaimed waits for an upload's job and deletes its release.
func deleteClaimed(ctx context.Context, s *store.Store, clearAway bool) error {
	j, err := s.ClaimJob(ctx, "other", time.Minute, store.KindIngestBom)
	for errors.Is(err, store.ErrNotFound) {
		j, err = s.ClaimJob(ctx, "other", time.Minute, store.KindIngestBom)
	}
	if err != nil {
		return err
	}
	boms, err := s.BomsByIDs(ctx, []int64{j.BomID})
	if err != nil {
		return err
	}
	var clearing store.Job
	err = s.InTx(ctx, func(tx *store.Tx) (err error) {
		clearing, err = tx.RetireRelease(ctx, boms[0].ReleaseID)
		return err
	})
	if err != nil || !clearAway {
		return err
	}
	return s.Clear(ctx, clearing.Args, func(int, int) {})
}

// The server is stopped while it has a request: an empty answer would be a success.
func TestStopped(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	log := slog.New(slog.DiscardHandler)
	ingest := job.NewIngest(s, nil, 1<<20, 1, nil)
	runner := job.NewRunner(s, job.NewHub(), ingest, "test", time.Now, log)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	id := model.EncodeKey(model.KindJob, 1)
	for name, test := range map[string]struct {
		handler http.Handler
		request *http.Request
	}{
		"an upload": {rest.PutBom(ingest, spool.New(1<<20), runner, log), httptest.NewRequestWithContext(ctx, http.MethodPut, "/api/v1/boms?project=shop&release=1", strings.NewReader(document))},
		"an export": {rest.GetExport(spool.New(1<<20), runner, log), httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/exports/"+id, http.NoBody)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.request.SetPathValue("id", id)
			w := httptest.NewRecorder()
			test.handler.ServeHTTP(w, test.request)
			if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "again") {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
		})
	}
}

func TestPutBomWaitsNoLongerThanAsked(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	url := server(t, s, false)
	for _, query := range []string{"", "&wait=0s", "&wait=1ms"} {
		status, a := put(t, url+"/api/v1/boms?project=shop&release=1"+query, strings.NewReader(document))
		if status != http.StatusAccepted || a.Job.State != store.JobQueued || a.Bom.Digest == "" {
			t.Errorf("%q: status %d, answer %+v", query, status, a)
		}
	}
}

// unread is a body that must not be asked for.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, errors.New("read")
}

// What is wrong with the request is said before the document is sent.
func TestPutBomRefusesBeforeItReads(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	log := slog.New(slog.DiscardHandler)
	ingest := job.NewIngest(s, nil, 100, 1, nil)
	handler := rest.PutBom(ingest, spool.New(1<<20), job.NewRunner(s, job.NewHub(), ingest, "test", time.Now, log), log)
	for name, test := range map[string]struct {
		method, query string
		size          int64
		status        int
		code          string
	}{
		"another method":       {"POST", "project=a&release=1", 1, 405, "METHOD_NOT_ALLOWED"},
		"no project":           {"PUT", "release=1", 1, 400, "INVALID"},
		"no release":           {"PUT", "project=a", 1, 400, "INVALID"},
		"a NUL in a project":   {"PUT", "project=a%00b&release=1", 1, 400, "INVALID"},
		"a release not UTF-8":  {"PUT", "project=a&release=%ff", 1, 400, "INVALID"},
		"a wait that is none":  {"PUT", "project=a&release=1&wait=soon", 1, 400, "INVALID"},
		"a wait too long":      {"PUT", "project=a&release=1&wait=11m", 1, 400, "INVALID"},
		"a wait below nothing": {"PUT", "project=a&release=1&wait=-1s", 1, 400, "INVALID"},
		"a query half encoded": {"PUT", "project=a&release=1&fileName=100%", 1, 400, "INVALID"},
		"a document too large": {"PUT", "project=a&release=1", 101, 413, "TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := httptest.NewRequestWithContext(t.Context(), test.method, "/api/v1/boms?"+test.query, unread{t})
			req.ContentLength = test.size
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, req)
			var a answer
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != test.status || a.Code != test.code || a.Detail == "" {
				t.Errorf("status %d, answer %+v, %v", w.Code, a, err)
			}
		})
	}
}

// slow sends documents but for their last byte, for as long as the test takes.
func slow(t *testing.T, base string, n, size int) {
	t.Helper()
	for i := range n {
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		head := fmt.Sprintf("PUT /api/v1/boms?project=slow&release=%d HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", i, size+1)
		if _, err := io.WriteString(conn, head+strings.Repeat(" ", size)); err != nil {
			t.Fatal(err)
		}
	}
}

// One document is read at a time here. Who sends slowly keeps no turn.
func TestPutBomBesideSlowOnes(t *testing.T) {
	t.Parallel()
	url := server(t, storetest.Open(t), false)
	slow(t, url, 3, 1000)
	status, a := put(t, url+"/api/v1/boms?project=shop&release=1", strings.NewReader(document))
	if status != http.StatusAccepted {
		t.Errorf("status %d, answer %+v", status, a)
	}
}

func TestPutBomWithoutSpace(t *testing.T) {
	t.Parallel()
	space := spool.New(1 << 20)
	url := serverWith(t, storetest.Open(t), space, false)
	others := space.Content(-1)
	defer others.Close()
	if _, err := others.ReadFrom(strings.NewReader(strings.Repeat(" ", 600<<10))); err != nil {
		t.Fatal(err)
	}
	status, a := put(t, url+"/api/v1/boms?project=shop&release=1", strings.NewReader(document+strings.Repeat(" ", 700<<10)))
	if status != http.StatusServiceUnavailable || a.Code != "BUSY" || !strings.Contains(a.Detail, "all the space") {
		t.Errorf("status %d, answer %+v", status, a)
	}
	if status, a := put(t, url+"/api/v1/boms?project=shop&release=1", strings.NewReader(document)); status != http.StatusAccepted {
		t.Errorf("a small one: status %d, answer %+v", status, a)
	}
}

func TestGetExport(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 16, 9, 0, 0, 0, time.UTC)
	s := storetest.OpenAt(t, func() time.Time { return now })
	var j store.Job
	err := s.InTx(t.Context(), func(tx *store.Tx) (err error) {
		j, err = tx.Enqueue(t.Context(), store.NewJob{Kind: job.KindExport, MaxAttempts: 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	space := spool.New(1 << 20)
	url := serverWith(t, s, space, false) + "/api/v1/exports/"
	get := func(id string) (int, string, http.Header) {
		t.Helper()
		resp, err := http.Get(url + id)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		content, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(content), resp.Header
	}
	id := model.EncodeKey(model.KindJob, j.ID)
	if status, _, _ := get(id); status != http.StatusNotFound {
		t.Errorf("before it is written: %d", status)
	}
	for range 2 {
		err := s.SaveExport(t.Context(), store.Export{JobID: j.ID, FileName: "shop-1.cdx.json", MediaType: "application/x", Content: []byte("{}")}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
	}
	status, content, header := get(id)
	if status != http.StatusOK || content != "{}" || header.Get("Content-Type") != "application/x" ||
		header.Get("Content-Disposition") != `attachment; filename="shop-1.cdx.json"` {
		t.Errorf("status %d, %q, %v", status, content, header)
	}
	err = s.SaveExport(t.Context(), store.Export{JobID: j.ID, FileName: "shop-1.cdx.json", MediaType: "application/x", Content: bytes.Repeat([]byte("x"), 700<<10)}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	others := space.Content(-1)
	if _, err := others.ReadFrom(strings.NewReader(strings.Repeat(" ", 600<<10))); err != nil {
		t.Fatal(err)
	}
	if status, content, header := get(id); status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
		t.Errorf("without space: %d %.200s", status, content)
	}
	others.Close()
	for range 2 { // each gives its space free
		if status, content, _ := get(id); status != http.StatusOK || len(content) != 700<<10 {
			t.Errorf("a long one: %d, %d bytes", status, len(content))
		}
	}
	now = now.Add(time.Hour)
	for _, id := range []string{id, "nonsense", model.EncodeKey(model.KindBom, j.ID)} {
		if status, content, _ := get(id); status != http.StatusNotFound || !strings.Contains(content, "exportBom") {
			t.Errorf("of %q: %d %s", id, status, content)
		}
	}
	if n, err := s.Prune(t.Context(), now.Add(-time.Hour)); n != 1 || err != nil {
		t.Errorf("%d rows were removed, %v", n, err)
	}
}
