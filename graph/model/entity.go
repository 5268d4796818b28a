package model

// Entity is an object that a router of a federated graph asks for by a key.
type Entity interface{ IsEntity() }

// IsEntity marks projects.
func (*Project) IsEntity() {}

// IsEntity marks releases.
func (*Release) IsEntity() {}

// IsEntity marks packages.
func (*Package) IsEntity() {}

// IsEntity marks vulnerabilities.
func (*Vulnerability) IsEntity() {}

// Service is what a router has to know.
type Service struct{ Sdl string }

// IsEntity marks Boms.
func (*Bom) IsEntity() {}

// IsEntity marks components.
func (*Component) IsEntity() {}

// IsEntity marks findings.
func (*Finding) IsEntity() {}
