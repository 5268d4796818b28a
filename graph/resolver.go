// Package graph is the GraphQL edge: it turns fields into loads, rows into the
// types of the schema, and errors into what a client may see. It holds no SQL
// and calls no upstream itself.
package graph

import (
	"log/slog"

	"loadline/enrich"
	"loadline/graph/generated"
	"loadline/job"
	"loadline/notify"
	"loadline/store"
	"loadline/upstream"
)

// Resolver is what the resolvers need.
type Resolver struct {
	Store   *store.Store
	Enrich  *enrich.Service
	Ingest  *job.Ingest
	Jobs    *job.Hub
	Runner  *job.Runner
	Notify  *notify.Service
	Clients []*upstream.Client // in the order of the schema's Source
	Log     *slog.Logger
}

type (
	queryResolver         struct{ *Resolver }
	mutationResolver      struct{ *Resolver }
	subscriptionResolver  struct{ *Resolver }
	projectResolver       struct{}
	releaseResolver       struct{ *Resolver }
	bomResolver           struct{}
	componentResolver     struct{}
	packageResolver       struct{}
	findingResolver       struct{}
	vulnerabilityResolver struct{ *Resolver }
	jobResolver           struct{}
	findingsStateResolver struct{}
	channelResolver       struct{}
)

// Query returns the resolvers of the root fields.
func (r *Resolver) Query() generated.QueryResolver { return queryResolver{r} }

// Mutation returns the resolvers of the mutations.
func (r *Resolver) Mutation() generated.MutationResolver { return mutationResolver{r} }

// Subscription returns the resolvers of the subscriptions.
func (r *Resolver) Subscription() generated.SubscriptionResolver { return subscriptionResolver{r} }

// Project returns the resolvers of Project.
func (r *Resolver) Project() generated.ProjectResolver { return projectResolver{} }

// Release returns the resolvers of Release.
func (r *Resolver) Release() generated.ReleaseResolver { return releaseResolver{r} }

// Bom returns the resolvers of Bom.
func (r *Resolver) Bom() generated.BomResolver { return bomResolver{} }

// Component returns the resolvers of Component.
func (r *Resolver) Component() generated.ComponentResolver { return componentResolver{} }

// Package returns the resolvers of Package.
func (r *Resolver) Package() generated.PackageResolver { return packageResolver{} }

// Finding returns the resolvers of Finding.
func (r *Resolver) Finding() generated.FindingResolver { return findingResolver{} }

// Vulnerability returns the resolvers of Vulnerability.
func (r *Resolver) Vulnerability() generated.VulnerabilityResolver { return vulnerabilityResolver{r} }

// FindingsState returns the resolvers of FindingsState.
func (r *Resolver) FindingsState() generated.FindingsStateResolver { return findingsStateResolver{} }

// Job returns the resolvers of Job.
func (r *Resolver) Job() generated.JobResolver { return jobResolver{} }

// NotificationChannel returns the resolvers of NotificationChannel.
func (r *Resolver) NotificationChannel() generated.NotificationChannelResolver {
	return channelResolver{}
}
