package graph

import (
	"bytes"
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"loadline/enrich"
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

// portfolioCost is the same for everything that is shipped.
const portfolioCost = 10_000

// pathGuess is how many components a path is taken to have.
const pathGuess = 10

func trendCost(child, days int) int { return max(1, min(maxTrendDays, days)) * child }

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
	generated.CostEntities(&c, func(child int, representations []map[string]any) int { return len(representations) * child })
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
	c.Release.FixFirst = func(child int, first *int, after *string, last *int, before *string) int {
		return reportCost + page(child, first, after, last, before)
	}
	c.Release.Trend = trendCost
	c.Release.DependencyGraph = func(child int, _ []string, limit int) int { return max(1, min(maxGraph, limit)) * child }
	c.Project.FindingCounts = func(child int, _ *model.FindingFilter) int { return reportCost + child }
	c.Project.Trend = trendCost
	c.Query.Findings = func(child int, first *int, after *string, last *int, before *string, _ *model.FindingFilter, _ *model.FindingOrder, _ *model.Shipped) int {
		return portfolioCost + page(child, first, after, last, before)
	}
	c.Query.FindingCounts = func(child int, _ *model.FindingFilter, _ *model.Shipped) int { return portfolioCost + child }
	c.Query.FixFirst = func(child int, first *int, after *string, last *int, before *string, _ *model.Shipped) int {
		return portfolioCost + page(child, first, after, last, before)
	}
	c.Query.Trend = trendCost
	c.Vulnerability.Findings = func(child int, first *int, after *string, last *int, before *string, _ *model.FindingFilter, _ *model.FindingOrder) int {
		return reportCost + page(child, first, after, last, before)
	}
	c.Component.DependencyPaths = func(child int, first *int, after *string, last *int, before *string) int {
		return pathGuess + page(child, first, after, last, before)
	}
	c.DependencyPath.Components = func(child int) int { return pathGuess * child }
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

// spending is the key of an operation's cost in gqlgen's statistics.
const spending = "LoadlineCost"

// cost is what an operation, or an event of a subscription, has cost so far.
type cost struct {
	ctx      context.Context
	reported costReport
}

// costReport is `extensions.cost`.
type costReport struct {
	Requested     int `json:"requested"`
	Actual        int `json:"actual"`
	Limit         int `json:"limit"`
	SQLStatements int `json:"sqlStatements"`
	UpstreamCalls int `json:"upstreamCalls"`
	CacheHits     int `json:"cacheHits"`
}

// withCost returns a context whose work is counted. The parts of an answer that
// come later are made by the work of the first.
func withCost(ctx context.Context) (context.Context, *cost) {
	if !graphql.HasOperationContext(ctx) {
		return ctx, nil
	}
	oc := graphql.GetOperationContext(ctx)
	if c, ok := oc.Stats.GetExtension(spending).(*cost); ok && oc.Operation.Operation != ast.Subscription {
		return ctx, c
	}
	c := &cost{ctx: enrich.WithCounter(store.WithCounter(upstream.WithCounter(ctx)))}
	oc.Stats.SetExtension(spending, c)
	return c.ctx, c
}

// report writes `extensions.cost`, and `extensions.trace` where it was asked for:
// what has been spent since the last report.
func (c *cost) report(ctx context.Context, resp *graphql.Response) {
	if c == nil {
		return // a request that cannot be read never becomes an operation
	}
	stats := extension.GetComplexityStats(ctx)
	if stats == nil {
		return
	}
	now := costReport{
		SQLStatements: store.StatementsFrom(c.ctx),
		UpstreamCalls: upstream.CallsFrom(c.ctx),
		CacheHits:     enrich.HitsFrom(c.ctx),
	}
	if resp.Extensions == nil {
		resp.Extensions = make(map[string]any)
	}
	resp.Extensions["cost"] = costReport{
		Requested:     stats.Complexity,
		Actual:        countFields(resp.Data),
		Limit:         stats.ComplexityLimit,
		SQLStatements: now.SQLStatements - c.reported.SQLStatements,
		UpstreamCalls: now.UpstreamCalls - c.reported.UpstreamCalls,
		CacheHits:     now.CacheHits - c.reported.CacheHits,
	}
	c.reported = now
	if t, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(tracing).(*trace); ok {
		resp.Extensions["trace"] = t.report()
	}
}

// countFields counts the fields of an answer: the quotes before a colon that are
// not in a text, where each has a backslash before it. A name has none.
func countFields(data []byte) int {
	n := 0
	for rest := data; ; {
		i := bytes.IndexByte(rest, ':')
		if i < 0 {
			return n
		}
		if i > 1 && rest[i-1] == '"' && rest[i-2] != '\\' {
			n++
		}
		rest = rest[i+1:]
	}
}
