package demo

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTourFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		answer string
		want   string
	}{
		"the server refuses":    {http.StatusOK, `{"errors":[{"message":"too deep"}]}`, "the server answered: too deep"},
		"no GraphQL":            {http.StatusBadGateway, `<html>`, "the server answered 502 Bad Gateway"},
		"another shape":         {http.StatusOK, `{"data":{"projects":7}}`, "read the answer"},
		"the connection breaks": {0, "", "EOF"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tt.status == 0 {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(tt.status)
				w.Write([]byte(tt.answer))
			}))
			defer server.Close()
			var out strings.Builder
			err := Tour{URL: server.URL, Releases: 1, Out: &out}.Show(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			if out.Len() > 0 {
				t.Errorf("it wrote %q", out.String())
			}
		})
	}
}

func TestTourStopsWaiting(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 3 {
			stop()
		}
		w.Write([]byte(`{"data":{"projects":{"nodes":[{"id":"p","releases":{"nodes":[{"bom":{"id":"b"}},{"bom":null}]}}]}}}`))
	}))
	defer server.Close()
	var out strings.Builder
	if err := (Tour{URL: server.URL, Releases: 2, Out: &out}).Show(ctx); err == nil {
		t.Error("it did not wait for the second release")
	}
	if asked != 3 {
		t.Errorf("it asked %d times, want 3", asked)
	}
}
