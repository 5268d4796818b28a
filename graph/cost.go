package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"loadline/graph/generated"
	"loadline/graph/model"
	"loadline/store"
	"loadline/upstream"
)

// maxCost is the most that an operation may cost. A field costs 1, a connection
// what it selects times the rows that it asks for: the question costs about
// 15,000 at 100 components.
const maxCost = 1_000_000

// findingsGuess is how many findings a component is taken to have.
const findingsGuess = 5

// reportCost is what it costs to look at all components of a release, however
// little of what is found is asked for.
const reportCost = 1000

// complexity says what the fields cost that are lists.
func complexity() generated.ComplexityRoot {
	var c generated.ComplexityRoot
	page := func(child int, first *int, _ *string, last *int, _ *string) int { return rows(first, last) * child }
	c.Query.Projects = func(child int, first *int, after *string, last *int, before *string, _ *model.ProjectFilter) int {
		return page(child, first, after, last, before)
	}
	c.Query.Jobs = func(child int, first *int, after *string, last *int, before *string, _ *model.JobFilter) int {
		return page(child, first, after, last, before)
	}
	c.Query.Nodes = func(child int, ids []string) int { return len(ids) * child }
	c.Project.Releases = page
	c.Release.Boms = page
	c.Release.Components = func(child int, first *int, after *string, last *int, before *string, _ *model.ComponentFilter) int {
		return page(child, first, after, last, before)
	}
	c.Release.Findings = func(child int, first *int, after *string, last *int, before *string, _ *model.FindingFilter, _ *model.FindingOrder) int {
		return reportCost + page(child, first, after, last, before)
	}
	c.Release.FindingCounts = func(child int, _ *model.FindingFilter) int { return reportCost + child }
	c.Finding.TriageHistory = page
	c.Mutation.TriageFindings = func(child int, input model.TriageFindingsInput) int { return len(input.Ids) * child }
	c.Bom.Warnings = page
	c.Component.Dependencies = page
	c.Component.Dependents = page
	c.Component.Findings = func(child int) int { return findingsGuess * child }
	c.Package.Versions = page
	c.Package.Releases = page
	c.Package.Components = page
	c.Vulnerability.Releases = page
	c.Vulnerability.Components = page
	return c
}

// rows is how many rows a connection asks for; 1 where its resolver will refuse
// the arguments.
func rows(first, last *int) int { return max(1, min(maxPage, max(deref(first), deref(last)))) }

// cost is what one response has cost so far.
type cost struct {
	statements func() int
	calls      func() int
}

func withCost(ctx context.Context) (context.Context, cost) {
	ctx = store.WithCounter(upstream.WithCounter(ctx))
	return ctx, cost{
		statements: func() int { return store.StatementsFrom(ctx) },
		calls:      func() int { return upstream.CallsFrom(ctx) },
	}
}

// report writes `extensions.cost`.
func (c cost) report(ctx context.Context, resp *graphql.Response) {
	// A request that cannot be read never becomes an operation.
	if !graphql.HasOperationContext(ctx) {
		return
	}
	if !graphql.HasOperationContext(ctx) {
		return
	}
	stats := extension.GetComplexityStats(ctx)
	if stats == nil {
		return
	}
	if resp.Extensions == nil {
		resp.Extensions = make(map[string]any)
	}
	resp.Extensions["cost"] = map[string]int{
		"requested":     stats.Complexity,
		"limit":         stats.ComplexityLimit,
		"sqlStatements": c.statements(),
		"upstreamCalls": c.calls(),
	}
}
