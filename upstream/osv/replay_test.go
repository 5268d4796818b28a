package osv_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"loadline/upstream"
	"loadline/upstream/osv"
	"loadline/upstream/upstreamtest"
)

func TestReplayQueryBatch(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]func(t testing.TB) []upstreamtest.Exchange{
		"own":      func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Own(t, "querybatch.jsonl") },
		"recorded": func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Recorded(t, "osv-querybatch.jsonl") },
		"recorded earlier": func(t testing.TB) []upstreamtest.Exchange {
			return upstreamtest.Recorded(t, "osv-querybatch-older.jsonl")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up := upstreamtest.Client(t, upstream.OSV)
			for _, e := range load(t) {
				replayQueryBatch(t, up, e)
			}
		})
	}
}

func replayQueryBatch(t *testing.T, up *upstream.Client, e upstreamtest.Exchange) {
	type pack struct {
		Ecosystem string `json:"ecosystem,omitempty"`
		Name      string `json:"name,omitempty"`
		PURL      string `json:"purl,omitempty"`
	}
	type query struct {
		Commit  string `json:"commit,omitempty"`
		Package *pack  `json:"package,omitempty"`
		Version string `json:"version,omitempty"`
	}
	var request struct {
		Queries []query `json:"queries"`
	}
	if err := json.Unmarshal(e.Request.Body, &request); err != nil {
		t.Fatal(err)
	}
	var queries []osv.Query
	for i, q := range request.Queries {
		if q.Package == nil || *q.Package == (pack{}) {
			// Some recorders wrote {"package": {}} beside a commit.
			request.Queries[i].Package = nil
			q.Package = &pack{}
		}
		queries = append(queries, osv.Query{Ecosystem: q.Package.Ecosystem, Name: q.Package.Name, PURL: q.Package.PURL, Version: q.Version, Commit: q.Commit})
	}
	var answer struct {
		Results []struct {
			Vulns []osvRef `json:"vulns"`
		} `json:"results"`
	}
	if err := json.Unmarshal(e.Response.Body, &answer); err != nil {
		t.Fatal(err)
	}
	// In five recordings the answer is not to the batch. Such an answer is refused.
	lost := len(answer.Results) != len(queries)
	want := make([]osv.Result, len(answer.Results))
	for i, r := range answer.Results {
		for _, v := range r.Vulns {
			want[i].Refs = append(want[i].Refs, osv.Ref(v))
		}
	}

	calls := 0
	url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		if r.Method != e.Request.Method || r.URL.Path != e.URL(t).Path {
			t.Errorf("%s %s, want %s %s", r.Method, r.URL.Path, e.Request.Method, e.Request.URL)
		}
		body, _ := io.ReadAll(r.Body)
		wanted, err := json.Marshal(request)
		if err != nil {
			t.Error(err)
		}
		if diff := upstreamtest.JSON(t, wanted, body); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		e.Answer(w)
	})
	got, err := osv.New(url, up).QueryBatch(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	if lost {
		for i, r := range got {
			if kind(r.Err) != upstream.BadAnswer {
				t.Errorf("result %d: error %v, want %s", i, r.Err, upstream.BadAnswer)
			}
		}
	} else if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	// Two recordings ask nothing; the client does not.
	if wanted := min(len(queries), 1); calls != wanted {
		t.Errorf("%d calls, want %d", calls, wanted)
	}
}

type osvRef struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
}

func TestReplayVulns(t *testing.T) {
	t.Parallel()
	for name, load := range map[string]func(t testing.TB) []upstreamtest.Exchange{
		"own":      func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Own(t, "vulns.jsonl") },
		"recorded": func(t testing.TB) []upstreamtest.Exchange { return upstreamtest.Recorded(t, "osv-vulns.jsonl") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exchanges := map[string]upstreamtest.Exchange{}
			var ids []string
			for _, e := range load(t) {
				path := e.URL(t).Path
				exchanges[path] = e
				ids = append(ids, path[len("/v1/vulns/"):])
			}
			url := upstreamtest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				e, ok := exchanges[r.URL.Path]
				if !ok || r.Method != http.MethodGet {
					t.Errorf("%s %s was not recorded", r.Method, r.URL.Path)
				}
				e.Answer(w)
			})
			for i, r := range osv.New(url, upstreamtest.Client(t, upstream.OSV)).Vulns(t.Context(), ids) {
				e := exchanges["/v1/vulns/"+ids[i]]
				if e.Response.Status == http.StatusNotFound {
					if !errors.Is(r.Err, upstream.ErrNotFound) {
						t.Errorf("%s: error %v, want not found", ids[i], r.Err)
					}
					continue
				}
				if r.Err != nil {
					t.Errorf("%s: %v", ids[i], r.Err)
					continue
				}
				if diff := upstreamtest.JSON(t, e.Response.Body, r.Raw); diff != "" {
					t.Errorf("%s: raw (-want +got):\n%s", ids[i], diff)
				}
				var want struct {
					Modified time.Time         `json:"modified"`
					Affected []json.RawMessage `json:"affected"`
				}
				if err := json.Unmarshal(e.Response.Body, &want); err != nil {
					t.Fatal(err)
				}
				if r.Advisory.ID != ids[i] || !r.Advisory.Modified.Equal(want.Modified) || len(r.Advisory.Affected) != len(want.Affected) {
					t.Errorf("%s: read as %s of %v with %d affected", ids[i], r.Advisory.ID, r.Advisory.Modified, len(r.Advisory.Affected))
				}
			}
		})
	}
}
