package model

// Entity is an object that a router of a federated graph asks for by a key.
type Entity interface {
	// TypeName is the name of its type in the schema.
	TypeName() string
}

// TypeName is "Bom".
func (*Bom) TypeName() string { return "Bom" }

// TypeName is "Component".
func (*Component) TypeName() string { return "Component" }

// TypeName is "Finding".
func (*Finding) TypeName() string { return "Finding" }

// TypeName is "Package".
func (*Package) TypeName() string { return "Package" }

// TypeName is "Project".
func (*Project) TypeName() string { return "Project" }

// TypeName is "Release".
func (*Release) TypeName() string { return "Release" }

// TypeName is "Vulnerability".
func (*Vulnerability) TypeName() string { return "Vulnerability" }

// Service is what a router has to know.
type Service struct{ Sdl string }
