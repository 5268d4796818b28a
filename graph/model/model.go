// Package model holds the Go types behind the schema: by hand where a type has
// behaviour or resolvers below it, generated for inputs, enums and payloads.
package model

import (
	"strconv"
	"time"
)

// Project is something that is shipped.
type Project struct {
	Key       int64
	Name      string
	CreatedAt DateTime
}

// ID is the opaque id.
func (p *Project) ID() string { return EncodeKey(KindProject, p.Key) }

// Release is one version of a project.
type Release struct {
	Key        int64
	ProjectKey int64
	BomKey     int64 // the current Bom; 0 for none
	Version    string
	CreatedAt  DateTime
}

// ID is the opaque id.
func (r *Release) ID() string { return EncodeKey(KindRelease, r.Key) }

// Bom is one ingested document.
type Bom struct {
	Key             int64
	ReleaseKey      int64
	JobKey          int64
	State           BomState
	Format          string
	SpecVersion     *string
	Encoding        string
	Tool            *string
	Digest          string
	Size            int64
	FileName        *string
	DocumentedAt    *DateTime
	IngestedAt      DateTime
	IngestedBy      *string
	ComponentCount  int
	DependencyCount int
}

// ID is the opaque id.
func (b *Bom) ID() string { return EncodeKey(KindBom, b.Key) }

// Component is one entry of a Bom.
type Component struct {
	BomKey     int64
	Seq        int
	PackageKey int64 // 0 without a valid purl
	VersionKey int64 // 0 without a version
	PURL       *PURL
	Name       string
	Version    *string
	Type       string
	Scope      *ComponentScope
	Direct     *bool
	Ref        string
	Licenses   []*License
	Hashes     []*Hash
}

// ID is the opaque id.
func (c *Component) ID() string {
	return EncodeID(KindComponent, strconv.FormatInt(c.BomKey, 10), strconv.Itoa(c.Seq))
}

// Package is what a purl names without its version.
type Package struct {
	Key int64
	// VersionKey is the package version of the component that the package was
	// reached from; 0 when it was reached in another way.
	VersionKey int64
	// Unversioned says that it was reached from a component without a version.
	Unversioned bool
	PURL        PURL
	Type        string
	Name        string
	Ecosystem   *string
}

// ID is the opaque id.
func (p *Package) ID() string { return EncodeKey(KindPackage, p.Key) }

// Finding is a vulnerability that affects a component.
type Finding struct {
	Component     *Component
	Vulnerability *Vulnerability
	FixedIn       *string
	State         FindingState
	Triage        *Triage
	// Urgency is the priority where it is known already.
	Urgency *float64
}

// ID is the opaque id.
func (f *Finding) ID() string {
	return EncodeID(KindFinding, strconv.FormatInt(f.Component.BomKey, 10), strconv.Itoa(f.Component.Seq), f.Vulnerability.ID)
}

// Job is background work.
type Job struct {
	Key         int64
	BomKey      int64 // 0 for none
	ProjectKey  int64 // 0 for none
	Revision    int64 // grows with every change
	Kind        string
	State       JobState
	Stage       *string
	Done        int
	Total       int
	Message     *string
	Attempts    int
	MaxAttempts int
	Error       *string
	CancelAsked bool
	CreatedAt   DateTime
	RunAt       DateTime
	StartedAt   *DateTime
	FinishedAt  *DateTime
}

// Progress is how far it is with its stage.
func (j *Job) Progress() *JobProgress {
	return &JobProgress{Stage: j.Stage, Done: j.Done, Total: j.Total, Message: j.Message}
}

// Open says whether there is still something to do.
func (j *Job) Open() bool { return j.State == JobStateQueued || j.State == JobStateRunning }

// FindingsState tells one state of a project's findings from another.
type FindingsState struct {
	ProjectKey int64
	Revision   int64
}

// ID is the opaque id.
func (j *Job) ID() string { return EncodeKey(KindJob, j.Key) }

// IsNode marks the types that have a page of their own.
func (*Project) IsNode()   {}
func (*Release) IsNode()   {}
func (*Bom) IsNode()       {}
func (*Component) IsNode() {}
func (*Package) IsNode()   {}
func (*Finding) IsNode()   {}
func (*Job) IsNode()       {}

// Optional is a pointer to v, or nil for the zero value.
func Optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// OptionalTime is a pointer to t, or nil for the zero time.
func OptionalTime(t time.Time) *DateTime {
	if t.IsZero() {
		return nil
	}
	d := DateTime(t)
	return &d
}
