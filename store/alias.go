package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"loadline/advisory"
)

// Group is the ids of one vulnerability.
type Group struct {
	Members    []string // all of them, sorted
	Advisories []string // those that are the id of a stored record, sorted
}

// GroupsByMembers returns the alias group of each id, by the id asked for. An id
// that no stored record mentions is absent.
func (r reads) GroupsByMembers(ctx context.Context, ids []string) (map[string]Group, error) {
	type row struct {
		asked, member string
		stored        bool
	}
	rows, err := selectInto(ctx, r.conn, func(v *row) []any { return []any{&v.asked, &v.member, &v.stored} }, `
		SELECT
			k.member,
			m.member,
			EXISTS (SELECT 1 FROM advisory AS a WHERE a.id = m.member)
		FROM alias AS k
		JOIN alias AS m ON m.group_name = k.group_name
		WHERE {{in k.member}}
		ORDER BY k.member, m.member`, ids)
	if err != nil {
		return nil, fmt.Errorf("store: alias groups of %d ids: %w", len(ids), err)
	}
	groups := make(map[string]Group, len(ids))
	for _, v := range rows {
		g := groups[v.asked]
		g.Members = append(g.Members, v.member)
		if v.stored {
			g.Advisories = append(g.Advisories, v.member)
		}
		groups[v.asked] = g
	}
	return groups, nil
}

// membership is what a record says: that it is about an id.
type membership struct{ advisory, member string }

// regroup writes which ids the records are about, and works out anew every group
// that this touches: those that the ids were in, and those that they come into.
func (tx *Tx) regroup(ctx context.Context, records []AdvisoryRecord, members [][]string) error {
	ids := make([]string, len(records))
	var now []membership
	for i, r := range records {
		ids[i] = r.ID
		for _, m := range members[i] {
			now = append(now, membership{r.ID, m})
		}
	}
	before, err := tx.memberships(ctx, `
		SELECT
			m.advisory_id,
			m.member
		FROM advisory_member AS m
		WHERE {{in m.advisory_id}}
		ORDER BY m.advisory_id, m.member`, ids)
	if err != nil {
		return err
	}
	slices.SortFunc(now, func(a, b membership) int {
		if c := strings.Compare(a.advisory, b.advisory); c != 0 {
			return c
		}
		return strings.Compare(a.member, b.member)
	})
	if slices.Equal(before, now) {
		return nil
	}
	_, err = tx.exec(ctx, `
		DELETE FROM advisory_member
		WHERE {{in advisory_id}}`, ids)
	if err != nil {
		return err
	}
	err = tx.insert(ctx, `
		INSERT INTO advisory_member (
			advisory_id,
			member
		)
		VALUES {{rows}}`, len(now), func(i int) []any { return []any{now[i].advisory, now[i].member} })
	if err != nil {
		return err
	}
	// What a record was about before is in its own id's group, so this reaches it.
	touched := make([]string, len(now))
	for i, m := range now {
		touched[i] = m.member
	}
	return tx.regroupMembers(ctx, distinct(touched))
}

// regroupMembers works out anew the groups of all ids that share a group with
// one of the touched ids.
func (tx *Tx) regroupMembers(ctx context.Context, touched []string) error {
	grouped, err := selectInto(ctx, tx.conn, func(m *string) []any { return []any{m} }, `
		SELECT m.member
		FROM alias AS m
		WHERE m.group_name IN (
			SELECT k.group_name
			FROM alias AS k
			WHERE {{in k.member}}
		)
		ORDER BY m.member`, touched)
	if err != nil {
		return err
	}
	ids := distinct(slices.Concat(touched, grouped))
	// A record about one of these ids is about none but these: it was in the same
	// group, or it is one of those just written.
	said, err := tx.memberships(ctx, `
		SELECT
			m.advisory_id,
			m.member
		FROM advisory_member AS m
		WHERE {{in m.member}}
		ORDER BY m.advisory_id, m.member`, ids)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		DELETE FROM alias
		WHERE {{in member}}`, ids)
	if err != nil {
		return err
	}
	groups := components(said)
	return tx.insert(ctx, `
		INSERT INTO alias (
			member,
			group_name
		)
		VALUES {{rows}}`, len(groups), func(i int) []any { return groups[i] })
}

// components returns the ids of the memberships, each with the first id of those
// that it is connected to.
func components(said []membership) [][]any {
	root := map[string]string{}
	var find func(string) string
	find = func(id string) string {
		up, ok := root[id]
		if !ok || up == id {
			return id
		}
		root[id] = find(up)
		return root[id]
	}
	first := map[string]string{} // record -> an id that it is about
	for _, m := range said {
		if _, ok := root[m.member]; !ok {
			root[m.member] = m.member
		}
		if other, ok := first[m.advisory]; ok {
			a, b := find(other), find(m.member)
			root[max(a, b)] = min(a, b)
		} else {
			first[m.advisory] = m.member
		}
	}
	rows := make([][]any, 0, len(root))
	for id := range root {
		rows = append(rows, []any{id, find(id)})
	}
	return rows
}

func (tx *Tx) memberships(ctx context.Context, stmt string, ids []string) ([]membership, error) {
	return selectInto(ctx, tx.conn, func(m *membership) []any { return []any{&m.advisory, &m.member} }, stmt, ids)
}

// members returns the ids that a record is about, without repeats.
func (a *AdvisoryRecord) members() ([]string, error) {
	if len(a.Members) > 0 {
		return a.Members, nil
	}
	decoded, err := advisory.Decode(a.Document)
	if err != nil {
		return nil, err
	}
	if decoded.ID != a.ID {
		return nil, fmt.Errorf("the document is about %q", decoded.ID)
	}
	return advisory.IDs(decoded), nil
}
