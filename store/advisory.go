package store

import (
	"context"
	"time"
)

// AdvisoryRecord is one record of OSV as it was fetched.
type AdvisoryRecord struct {
	ID                  string
	Modified, FetchedAt time.Time
	Document            []byte // the record in OSV's JSON
}

// AdvisoryRef is a record as OSV's answer about a package version names it.
type AdvisoryRef struct {
	ID       string
	Modified time.Time
}

// Answer is what OSV said about a package version. An Answer without Refs says
// that there is no record; no Answer says that OSV was never asked.
type Answer struct {
	PackageVersionID int64
	FetchedAt        time.Time
	Refs             []AdvisoryRef // by ID
}

// Group is the ids of one vulnerability.
type Group struct {
	Members    []string // all of them, sorted
	Advisories []string // those that are the id of a stored record, sorted
}

// AdvisoriesByIDs returns the records that are stored, in any order.
func (r reads) AdvisoriesByIDs(ctx context.Context, ids []string) ([]AdvisoryRecord, error) {
	return nil, errNotBuilt
}

// SaveAdvisories writes records, in place of stored ones with the same id, and
// regroups the ids that they are about. The ids and aliases are read from
// Document.
func (s *Store) SaveAdvisories(ctx context.Context, records []AdvisoryRecord) error {
	return errNotBuilt
}

// Answers returns the answers that are stored, in any order.
func (r reads) Answers(ctx context.Context, packageVersionIDs []int64) ([]Answer, error) {
	return nil, errNotBuilt
}

// SaveAnswers writes answers, each in place of the stored one about its package
// version.
func (s *Store) SaveAnswers(ctx context.Context, answers []Answer) error { return errNotBuilt }

// VersionsWithAdvisories returns the ids of the package versions whose answer
// names the advisory, ascending, by advisory id.
func (r reads) VersionsWithAdvisories(ctx context.Context, advisoryIDs []string) (map[string][]int64, error) {
	return nil, errNotBuilt
}

// GroupsByMembers returns the alias group of each id, by the id asked for. An id
// that no stored record mentions is absent.
func (r reads) GroupsByMembers(ctx context.Context, ids []string) (map[string]Group, error) {
	return nil, errNotBuilt
}
