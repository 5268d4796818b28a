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

// The connections of the schema.
type (
	ProjectConnection        = Connection[*Project]
	ProjectEdge              = Edge[*Project]
	ReleaseConnection        = Connection[*Release]
	ReleaseEdge              = Edge[*Release]
	BomConnection            = Connection[*Bom]
	BomEdge                  = Edge[*Bom]
	BomWarningConnection     = Connection[*BomWarning]
	BomWarningEdge           = Edge[*BomWarning]
	ReleaseChangeConnection  = Connection[*ReleaseChange]
	ReleaseChangeEdge        = Edge[*ReleaseChange]
	ComponentConnection      = Connection[*Component]
	ComponentEdge            = Edge[*Component]
	PackageVersionConnection = Connection[*PackageVersion]
	PackageVersionEdge       = Edge[*PackageVersion]
)
