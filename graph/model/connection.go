package model

// Connection is a page of a list, as Relay defines it.
type Connection[T any] struct {
	Edges    []Edge[T]
	PageInfo *PageInfo
	// TotalCount is the length of the whole list; it is only filled where the
	// query selects it.
	TotalCount int
}

// Nodes are the page's rows, in order.
func (c *Connection[T]) Nodes() []T {
	nodes := make([]T, len(c.Edges))
	for i := range c.Edges {
		nodes[i] = c.Edges[i].Node
	}
	return nodes
}

// Edge is a row and its place in the list.
type Edge[T any] struct {
	Cursor string
	Node   T
}

// The pages of the schema and their edges.
type (
	// ProjectConnection is a page of projects.
	ProjectConnection = Connection[*Project]
	// ProjectEdge is an edge of a ProjectConnection.
	ProjectEdge = Edge[*Project]
	// ReleaseConnection is a page of releases.
	ReleaseConnection = Connection[*Release]
	// ReleaseEdge is an edge of a ReleaseConnection.
	ReleaseEdge = Edge[*Release]
	// BomConnection is a page of Boms.
	BomConnection = Connection[*Bom]
	// BomEdge is an edge of a BomConnection.
	BomEdge = Edge[*Bom]
	// BomWarningConnection is a page of warnings of a Bom.
	BomWarningConnection = Connection[*BomWarning]
	// BomWarningEdge is an edge of a BomWarningConnection.
	BomWarningEdge = Edge[*BomWarning]
	// ReleaseChangeConnection is a page of changes of releases.
	ReleaseChangeConnection = Connection[*ReleaseChange]
	// ReleaseChangeEdge is an edge of a ReleaseChangeConnection.
	ReleaseChangeEdge = Edge[*ReleaseChange]
	// ComponentConnection is a page of components.
	ComponentConnection = Connection[*Component]
	// ComponentEdge is an edge of a ComponentConnection.
	ComponentEdge = Edge[*Component]
	// FindingEdge is an edge of a FindingConnection.
	FindingEdge = Edge[*Finding]
	// TriageConnection is a page of decisions.
	TriageConnection = Connection[*Triage]
	// TriageEdge is an edge of a TriageConnection.
	TriageEdge = Edge[*Triage]
	// UpgradeConnection is a page of upgrades.
	UpgradeConnection = Connection[*Upgrade]
	// UpgradeEdge is an edge of an UpgradeConnection.
	UpgradeEdge = Edge[*Upgrade]
	// DependencyPathConnection is a page of paths.
	DependencyPathConnection = Connection[*DependencyPath]
	// DependencyPathEdge is an edge of a DependencyPathConnection.
	DependencyPathEdge = Edge[*DependencyPath]
	// PackageVersionConnection is a page of versions of a package.
	PackageVersionConnection = Connection[*PackageVersion]
	// PackageVersionEdge is an edge of a PackageVersionConnection.
	PackageVersionEdge = Edge[*PackageVersion]
	// JobConnection is a page of jobs.
	JobConnection = Connection[*Job]
	// JobEdge is an edge of a JobConnection.
	JobEdge = Edge[*Job]
	// NotificationChannelConnection is a page of notification channels.
	NotificationChannelConnection = Connection[*NotificationChannel]
	// NotificationChannelEdge is an edge of a NotificationChannelConnection.
	NotificationChannelEdge = Edge[*NotificationChannel]
	// NotificationDeliveryConnection is a page of a channel's messages.
	NotificationDeliveryConnection = Connection[*NotificationDelivery]
	// NotificationDeliveryEdge is an edge of a NotificationDeliveryConnection.
	NotificationDeliveryEdge = Edge[*NotificationDelivery]
)

// FindingConnection is a page of findings, and what there is to know about all
// pages.
type FindingConnection struct {
	Connection[*Finding]
	Counts   *FindingCounts
	Coverage *FindingCoverage
}
