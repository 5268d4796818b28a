package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// client asks a server.
type client struct {
	url       string
	transport *http.Transport
}

// newClient returns a client that goes by no proxy: the server is on this
// machine.
func newClient(url string) client { return client{url: url, transport: &http.Transport{}} }

func (c client) close() { c.transport.CloseIdleConnections() }

// projects returns the ids of the projects, and how many of their releases have
// a Bom.
func (c client) projects(ctx context.Context) (ids []string, ready int, err error) {
	const query = `{ projects(first: 20) { nodes { id releases(first: 20) { nodes { bom { id } } } } } }`
	var answer struct {
		Data struct {
			Projects struct {
				Nodes []struct {
					ID       string
					Releases struct {
						Nodes []struct{ Bom *struct{ ID string } }
					}
				}
			}
		}
	}
	if err := c.ask(ctx, query, nil, &answer); err != nil {
		return nil, 0, err
	}
	for _, p := range answer.Data.Projects.Nodes {
		ids = append(ids, p.ID)
		for _, r := range p.Releases.Nodes {
			if r.Bom != nil {
				ready++
			}
		}
	}
	return ids, ready, nil
}

// tag gives a project its tags.
func (c client) tag(ctx context.Context, id string, tags ...string) error {
	const query = `mutation($input: TagProjectInput!) { tagProject(input: $input) { userErrors { message } } }`
	var answer struct {
		Data struct {
			TagProject struct{ UserErrors []struct{ Message string } }
		}
	}
	if err := c.ask(ctx, query, map[string]any{"input": map[string]any{"id": id, "tags": tags}}, &answer); err != nil {
		return err
	}
	if refused := answer.Data.TagProject.UserErrors; len(refused) > 0 {
		return fmt.Errorf("demo: tag a project: %s", refused[0].Message)
	}
	return nil
}

// report asks the question about a release.
func (c client) report(ctx context.Context, question, project, release string) (report, error) {
	var r report
	err := c.ask(ctx, question, map[string]any{"project": project, "release": release}, &r)
	return r, err
}

// ask sends an operation and decodes the answer. An answer with errors is an
// error.
func (c client) ask(ctx context.Context, query string, variables map[string]any, answer any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := (&http.Client{Transport: c.transport}).Do(request)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("demo: read the answer: %w", err)
	}
	var failed struct{ Errors []struct{ Message string } }
	if err := json.Unmarshal(content, &failed); err != nil {
		return fmt.Errorf("demo: the server answered %s: %w", response.Status, err)
	}
	if len(failed.Errors) > 0 {
		return fmt.Errorf("demo: the server answered: %s", failed.Errors[0].Message)
	}
	if err := json.Unmarshal(content, answer); err != nil {
		return fmt.Errorf("demo: read the answer: %w", err)
	}
	return nil
}
