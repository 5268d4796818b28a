package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
)

// Topic is a kind of what may be kept in memory.
type Topic string

// The topics, and what their keys are.
const (
	// TopicShipped is projects with their releases and Boms, by the project's id, and whatever has no topic of its own.
	TopicShipped Topic = "shipped"
	// TopicAnswer is OSV's answers, by the id of the package version.
	TopicAnswer Topic = "answer"
	// TopicAdvisory is OSV's records, by their ids and aliases.
	TopicAdvisory Topic = "advisory"
	// TopicScore is EPSS's scores, by CVE id.
	TopicScore Topic = "score"
	// TopicTriage is decisions about findings. It has no keys.
	TopicTriage Topic = "triage"
	// TopicKev is CISA's catalogue. It has no keys.
	TopicKev Topic = "kev"
	// TopicLatest is the newest versions of packages, by the package's id.
	TopicLatest Topic = "latest"
	// TopicMirror is all that comes from a mirror. It has no keys.
	TopicMirror Topic = "mirror"
)

// Changes are what writes were about. A topic without keys has changed as a whole.
type Changes map[Topic][]string

// keptChanges is how many changes can be asked for; who is further behind is told
// that everything may have changed.
const keptChanges = 4096

// touch notes what the transaction is about. One that touches nothing is about
// TopicShipped.
func (tx *Tx) touch(t Topic, keys ...string) {
	if tx.touched == nil {
		tx.touched = make(map[Topic][]string)
	}
	if old, again := tx.touched[t]; again && len(old) == 0 {
		return
	}
	if len(keys) == 0 {
		tx.touched[t] = nil
		return
	}
	tx.touched[t] = append(tx.touched[t], keys...)
}

// touchProject notes that the transaction is about a project, its releases and
// their Boms.
func (tx *Tx) touchProject(id int64) { tx.touch(TopicShipped, strconv.FormatInt(id, 10)) }

// changeLock is the advisory lock under which changes are numbered and committed.
const changeLock = 5077001

// hush says that nothing of what the transaction writes is ever kept in memory.
func (tx *Tx) hush() { tx.quiet = true }

// noteChange gives the transaction its number.
func (tx *Tx) noteChange(ctx context.Context) error {
	if tx.quiet && tx.touched == nil {
		return nil
	}
	if tx.touched == nil {
		tx.touch(TopicShipped)
	}
	topics, err := json.Marshal(tx.touched)
	if err != nil {
		return fmt.Errorf("store: note a change: %w", err)
	}
	if tx.engine.turn != "" {
		if _, err := tx.exec(ctx, tx.engine.turn, changeLock); err != nil {
			return fmt.Errorf("store: note a change: %w", err)
		}
	}
	n, err := selectNumber(ctx, tx.conn, tx.engine.number)
	if err != nil {
		return fmt.Errorf("store: note a change: %w", err)
	}
	tx.signal.Changed = true
	_, err = tx.exec(ctx, `
		INSERT INTO change (
			number,
			topics
		)
		VALUES (?, ?)`, n, JSON(topics))
	if err == nil && n%(keptChanges/4) == 0 {
		_, err = tx.exec(ctx, `
			DELETE FROM change
			WHERE number <= ?`, n-keptChanges)
	}
	if err != nil {
		return fmt.Errorf("store: note change %d: %w", n, err)
	}
	return nil
}

// Generation is the number of the last write that questions can see. What was
// read after it was asked for is at least as new.
func (r reads) Generation(ctx context.Context) (int64, error) {
	n, err := selectNumber(ctx, r.conn, `SELECT COALESCE(MAX(number), 0) FROM change`)
	if err != nil {
		return 0, fmt.Errorf("store: generation: %w", err)
	}
	return int64(n), nil
}

// ChangesAfter returns what the writes after a generation were about, up to the
// generation that it returns; false when they are no longer known.
func (r reads) ChangesAfter(ctx context.Context, generation int64) (Changes, int64, bool, error) {
	type row struct {
		number int64
		topics JSON
	}
	rows, err := selectInto(ctx, r.conn, func(v *row) []any { return []any{&v.number, &v.topics} }, `
		SELECT
			number,
			topics
		FROM change
		WHERE number > ?
		ORDER BY number`, generation)
	if err != nil {
		return nil, 0, false, fmt.Errorf("store: changes after %d: %w", generation, err)
	}
	if len(rows) == 0 {
		return nil, generation, true, nil
	}
	all := &Tx{}
	for _, r := range rows {
		var topics map[Topic][]string
		if err := json.Unmarshal(r.topics, &topics); err != nil {
			return nil, 0, false, fmt.Errorf("store: change %d: %w", r.number, err)
		}
		for t, keys := range topics {
			all.touch(t, keys...)
		}
	}
	// Numbers have gaps, but only those that are far behind the last are forgotten.
	last := rows[len(rows)-1].number
	return all.touched, last, last-generation <= keptChanges, nil
}

// numbers are ids as the keys of a topic.
func numbers[T any](rows []T, id func(T) int64) []string {
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = strconv.FormatInt(id(r), 10)
	}
	return keys
}
