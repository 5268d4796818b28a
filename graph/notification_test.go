package graph_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/bench/standin"
)

const createChannel = `mutation ($input: CreateNotificationChannelInput!) {
	createNotificationChannel(input: $input) {
		channel { id name kind target secret enabled events cadence minSeverity kevOnly minEpss projects { name } tags }
		secret
		userErrors { field message code }
	}
}`

func TestNotificationChannels(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	calls := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls <- string(body)
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(receiver.Close)
	project := at(t, s.get(t, `mutation { createProject(input: {name: "shop"}) { project { id } } }`, nil).Data, "createProject", "project", "id")

	input := map[string]any{"name": "team", "kind": "WEBHOOK", "target": receiver.URL + "/hidden?token=hidden", "minSeverity": "HIGH", "projects": []any{project}, "tags": []any{"b", "a"}}
	created := s.get(t, createChannel, map[string]any{"input": input})
	payload := at(t, created.Data, "createNotificationChannel").(map[string]any)
	secret := at(t, payload, "secret").(string)
	id := at(t, payload, "channel", "id").(string)
	want := map[string]any{
		"id": id, "name": "team", "kind": "WEBHOOK", "target": receiver.URL + "/…", "secret": "whsec_…" + secret[len(secret)-4:],
		"enabled": true, "events": []any{"NEW_FINDINGS"}, "cadence": "AT_ONCE", "minSeverity": "HIGH", "kevOnly": false, "minEpss": 0.0,
		"projects": []any{map[string]any{"name": "shop"}}, "tags": []any{"a", "b"},
	}
	if diff := cmp.Diff(want, payload["channel"]); diff != "" || !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("created (-want +got):\n%s", diff)
	}

	tested := s.get(t, `mutation ($id: ID!) { testNotificationChannel(input: {id: $id}) { delivery { type state attempts maxAttempts responseCode error nextAttemptAt } userErrors { message } } }`, map[string]any{"id": id})
	wantTest := map[string]any{
		"type": "test", "state": "FAILED", "attempts": 1.0, "maxAttempts": 1.0, "responseCode": 418.0,
		"error": "the receiver answered 418", "nextAttemptAt": nil,
	}
	if diff := cmp.Diff(wantTest, at(t, tested.Data, "testNotificationChannel", "delivery")); diff != "" {
		t.Errorf("tested (-want +got):\n%s", diff)
	}
	if body := <-calls; !strings.Contains(body, `"type":"test"`) {
		t.Errorf("the receiver got %s", body)
	}

	updated := s.get(t, `mutation ($id: ID!) {
		updateNotificationChannel(input: {id: $id, enabled: false, minSeverity: null, newSecret: true, cadence: DAILY}) {
			channel { enabled minSeverity cadence name } secret userErrors { message }
		}
	}`, map[string]any{"id": id})
	wantUpdate := map[string]any{"enabled": false, "minSeverity": nil, "cadence": "DAILY", "name": "team"}
	if diff := cmp.Diff(wantUpdate, at(t, updated.Data, "updateNotificationChannel", "channel")); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}
	if again := at(t, updated.Data, "updateNotificationChannel", "secret"); again == nil || again == secret {
		t.Errorf("the new secret is %v", again)
	}

	all := s.get(t, `query ($id: ID!) {
		notificationChannels(first: 10) { totalCount nodes { id deliveries(first: 5) { totalCount nodes { type messageId } } } }
		node(id: $id) { ... on NotificationChannel { name } }
	}`, map[string]any{"id": id})
	if n := at(t, all.Data, "notificationChannels", "nodes", 0, "deliveries", "totalCount"); n != 1.0 || at(t, all.Data, "node", "name") != "team" {
		t.Errorf("listed: %v", all.Data)
	}

	deleted := s.get(t, `mutation ($id: ID!) { deleteNotificationChannel(input: {id: $id}) { deletedId userErrors { code } } }`, map[string]any{"id": id})
	if at(t, deleted.Data, "deleteNotificationChannel", "deletedId") != id {
		t.Errorf("deleted: %v", deleted.Data)
	}
	gone := s.get(t, `mutation ($id: ID!) { testNotificationChannel(input: {id: $id}) { delivery { state } userErrors { code } } }`, map[string]any{"id": id})
	if at(t, gone.Data, "testNotificationChannel", "userErrors", 0, "code") != "NOT_FOUND" {
		t.Errorf("tested after its end: %v", gone.Data)
	}
}

func TestNotificationChannelRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t, standin.Config{})
	good := map[string]any{"name": "team", "kind": "WEBHOOK", "target": "https://example.com/"}
	s.get(t, createChannel, map[string]any{"input": good})
	for name, test := range map[string]struct {
		change map[string]any
		field  string
		code   string
	}{
		"a name that is taken":    {map[string]any{}, "name", "TAKEN"},
		"no name":                 {map[string]any{"name": " "}, "name", "INVALID"},
		"not a URL":               {map[string]any{"target": "example.com"}, "target", "INVALID"},
		"mail without a server":   {map[string]any{"kind": "EMAIL", "target": "a@example.com"}, "target", "INVALID"},
		"a secret of its own":     {map[string]any{"secret": "secret"}, "secret", "INVALID"},
		"a secret for Slack":      {map[string]any{"kind": "SLACK", "secret": "whsec_AAAA"}, "secret", "INVALID"},
		"no event":                {map[string]any{"events": []any{}}, "events", "INVALID"},
		"more than certain":       {map[string]any{"minEpss": 1.5}, "minEpss", "INVALID"},
		"a project of no such id": {map[string]any{"projects": []any{"cDk5OTk"}}, "projects", "NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			input := map[string]any{}
			for _, m := range []map[string]any{good, test.change} {
				for k, v := range m {
					input[k] = v
				}
			}
			got := at(t, s.get(t, createChannel, map[string]any{"input": input}).Data, "createNotificationChannel", "userErrors", 0).(map[string]any)
			delete(got, "message")
			want := map[string]any{"field": []any{"input", test.field}, "code": test.code}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
