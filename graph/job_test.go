package graph_test

import (
	"strings"
	"testing"

	"loadline/bench/standin"
	"loadline/graph/model"
	"loadline/store"
)

const jobFields = `id kind state stage done total message attempts maxAttempts error cancelAsked createdAt runAt startedAt finishedAt
  progress { stage done total message } project { name } bom { state }`

func TestJobs(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	s.put(t, "shop", "1.1", cyclonedx(leftShelves(2)...))
	s.put(t, "tool", "1.0", cyclonedx(leftShelves(1)...))

	const jobs = `query($first: Int, $after: String, $filter: JobFilter) { jobs(first: $first, after: $after, filter: $filter) {
	  totalCount pageInfo { hasNextPage endCursor } nodes { ` + jobFields + ` } } }`
	count := func(filter map[string]any) float64 {
		t.Helper()
		a := s.get(t, jobs, map[string]any{"first": 100, "filter": filter})
		if n := len(at(t, a.Data, "jobs", "nodes").([]any)); float64(n) != at(t, a.Data, "jobs", "totalCount") {
			t.Errorf("%d nodes of %v", n, at(t, a.Data, "jobs", "totalCount"))
		}
		return at(t, a.Data, "jobs", "totalCount").(float64)
	}
	t.Run("come newest first, in pages", func(t *testing.T) {
		a := s.get(t, jobs, map[string]any{"first": 1, "filter": map[string]any{"kinds": []string{"INGEST_BOM"}}})
		newest := at(t, a.Data, "jobs", "nodes", 0)
		if at(t, newest, "project", "name") != "tool" || at(t, newest, "bom", "state") != "READY" || at(t, newest, "state") != "SUCCEEDED" {
			t.Errorf("newest = %v", newest)
		}
		if at(t, newest, "stage") != "components" || at(t, newest, "progress", "done") != 1.0 || at(t, newest, "progress", "message") != at(t, newest, "message") {
			t.Errorf("progress = %v", newest)
		}
		a = s.get(t, jobs, map[string]any{"first": 1, "after": at(t, a.Data, "jobs", "pageInfo", "endCursor"), "filter": map[string]any{"kinds": []string{"INGEST_BOM"}}})
		if at(t, a.Data, "jobs", "nodes", 0, "project", "name") != "shop" || at(t, a.Data, "jobs", "totalCount") != 3.0 {
			t.Errorf("next = %v", a.Data)
		}
	})
	t.Run("are filtered", func(t *testing.T) {
		ingest := []string{"INGEST_BOM"}
		for name, test := range map[string]struct {
			filter map[string]any
			want   float64
		}{
			"by project":         {map[string]any{"project": "shop", "kinds": ingest}, 2},
			"by another project": {map[string]any{"project": "none"}, 0},
			"by kind":            {map[string]any{"kinds": ingest}, 3},
			"by state":           {map[string]any{"states": []string{"FAILED", "CANCELLED"}}, 0},
			"by all":             {map[string]any{"project": "tool", "kinds": ingest, "states": []string{"SUCCEEDED"}}, 1},
		} {
			if n := count(test.filter); n != test.want {
				t.Errorf("%s: %v, want %v", name, n, test.want)
			}
		}
	})
	t.Run("are cancelled and tried again", func(t *testing.T) {
		same := func() (j store.Job) {
			t.Helper()
			err := s.store.InTx(t.Context(), func(tx *store.Tx) (err error) {
				j, err = tx.Enqueue(t.Context(), store.NewJob{Kind: "OF_ANOTHER_NODE", MaxAttempts: 1, Unique: "the same"})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return j
		}
		j := same()
		id := map[string]any{"id": model.EncodeKey(model.KindJob, j.ID)}
		const cancel = `mutation($id: ID!) { cancelJob(input: {id: $id}) { job { ` + jobFields + ` } userErrors { code field message } } }`
		const retry = `mutation($id: ID!) { retryJob(input: {id: $id}) { job { ` + jobFields + ` } userErrors { code field message } } }`
		if got := at(t, s.get(t, cancel, id).Data, "cancelJob", "job"); at(t, got, "state") != "CANCELLED" || at(t, got, "cancelAsked") != true {
			t.Errorf("cancelled = %v", got)
		}
		refused := func(when, mutation, field, message string) {
			t.Helper()
			got := at(t, s.get(t, mutation, id).Data, field, "userErrors", 0)
			if at(t, got, "code") != "WRONG_STATE" || at(t, got, "message") != message {
				t.Errorf("%s: %v, want %q", when, got, message)
			}
		}
		refused("cancelled twice", cancel, "cancelJob", "the job has ended already: it is `CANCELLED`")
		if got := at(t, s.get(t, retry, id).Data, "retryJob", "job"); at(t, got, "state") != "QUEUED" || at(t, got, "cancelAsked") != false || at(t, got, "finishedAt") != nil {
			t.Errorf("tried again = %v", got)
		}
		refused("tried again twice", retry, "retryJob", "the job is `QUEUED`: only one that is `FAILED` or `CANCELLED` is tried again")
		s.get(t, cancel, id)
		same()
		refused("tried again beside another", retry, "retryJob", "another job that does the same waits or runs: `jobs` has it")
		for _, mutation := range []string{cancel, retry} {
			for _, bad := range []string{"nonsense", model.EncodeKey(model.KindJob, 9999)} {
				for _, payload := range s.get(t, mutation, map[string]any{"id": bad}).Data {
					if got := at(t, payload, "userErrors", 0, "code"); got != "NOT_FOUND" || at(t, payload, "job") != nil {
						t.Errorf("of %q: %v", bad, payload)
					}
				}
			}
		}
	})
}

// Whatever the number of jobs, the page costs the same.
func TestAPageOfJobsCostsTheSame(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	for _, release := range strings.Fields("1 2 3 4 5 6 7 8 9") {
		s.put(t, "shop-"+release, release, cyclonedx(leftShelves(1)...))
	}
	const query = `query($n: Int!) { jobs(first: $n) { totalCount nodes { ` + jobFields + ` } } }`
	one := s.get(t, query, map[string]any{"n": 1}).Extensions.Cost.SQLStatements
	nine := s.get(t, query, map[string]any{"n": 9}).Extensions.Cost.SQLStatements
	if one != nine {
		t.Errorf("one job costs %d statements, nine cost %d", one, nine)
	}
}

func TestExportBom(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	bom := s.put(t, "shop", "1.0", cyclonedx(leftShelves(3)...))
	const export = `mutation($id: ID!) { exportBom(input: {bom: $id}) { job { id kind export { url } } userErrors { code } } }`
	asked := at(t, s.get(t, export, map[string]any{"id": model.EncodeKey(model.KindBom, bom.ID)}).Data, "exportBom", "job")
	if at(t, asked, "kind") != "EXPORT" || at(t, asked, "export") != nil {
		t.Errorf("exportBom = %v", asked)
	}
	if last := s.follow(t, at(t, asked, "id").(string)); last != "SUCCEEDED" {
		t.Fatalf("the last state is %s", last)
	}
	got := at(t, s.get(t, `query($id: ID!) { job(id: $id) { export { url fileName mediaType size expiresAt } } }`, map[string]any{"id": at(t, asked, "id")}).Data, "job", "export")
	if at(t, got, "fileName") != "shop-1.0.cdx.json" || at(t, got, "url") != "/api/v1/exports/"+at(t, asked, "id").(string) || at(t, got, "size").(float64) < 100 {
		t.Errorf("export = %v", got)
	}
	for id, code := range map[string]string{"nonsense": "NOT_FOUND", model.EncodeKey(model.KindBom, bom.ID+99): "NOT_FOUND"} {
		if got := at(t, s.get(t, export, map[string]any{"id": id}).Data, "exportBom", "userErrors", 0, "code"); got != code {
			t.Errorf("of %q: %v, want %s", id, got, code)
		}
	}
}
