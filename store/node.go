package store

import (
	"context"
	"fmt"
	"time"
)

// nodeLife is how long a node counts after its last sign of life.
const nodeLife = 30 * time.Second

// BeatEvery is how often a node has to call Beat.
const BeatEvery = 10 * time.Second

// Beat gives a sign of life of this process, under a name of its own, and returns
// how many processes live on the database: 1 on SQLite, where nobody counts.
func (s *Store) Beat(ctx context.Context, name, role string) (live int, err error) {
	if !s.engine.columns {
		return 1, nil
	}
	err = s.inLoose(ctx, func(tx *Tx) error {
		err := tx.execOne(ctx, `
			INSERT INTO node (
				name,
				role,
				seen_at
			)
			VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET
				role = excluded.role,
				seen_at = excluded.seen_at`, name, role, tx.now)
		if err == nil {
			live, err = selectNumber(ctx, tx.conn, `
				SELECT COUNT(*)
				FROM node
				WHERE node.seen_at > ?`, tx.now.Add(-nodeLife))
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: sign of life of %s: %w", name, err)
	}
	return live, nil
}

// Leave takes back the sign of life of this process, and of those that have died.
func (s *Store) Leave(ctx context.Context, name string) error {
	if !s.engine.columns {
		return nil
	}
	err := s.inLoose(ctx, func(tx *Tx) error {
		_, err := tx.exec(ctx, `
			DELETE FROM node
			WHERE name = ? OR seen_at <= ?`, name, tx.now.Add(-nodeLife))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: leave of %s: %w", name, err)
	}
	return nil
}
