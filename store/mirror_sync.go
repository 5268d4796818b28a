package store

import (
	"context"
	"errors"
	"fmt"
)

// ErrSyncTaken says that a newer sync has begun, and that this one has to stop.
var ErrSyncTaken = errors.New("a newer sync has taken over")

// BeginSync returns the number under which a sync may write until the next one
// begins.
func (s *Store) BeginSync(ctx context.Context) (epoch int64, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		tx.hush()
		n, err := selectNumber(ctx, tx.conn, `
			UPDATE mirror_sync
			SET epoch = epoch + 1
			RETURNING epoch`)
		epoch = int64(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: begin sync: %w", err)
	}
	return epoch, nil
}

// inSync is InTx for the sync of an epoch. It returns ErrSyncTaken when that is
// over.
func (s *Store) inSync(ctx context.Context, epoch int64, do func(*Tx) error) error {
	return s.InTx(ctx, func(tx *Tx) error {
		n, err := tx.exec(ctx, `
			UPDATE mirror_sync
			SET epoch = epoch
			WHERE epoch = ?`, epoch)
		if err == nil && n == 0 {
			err = ErrSyncTaken
		}
		if err != nil {
			return err
		}
		tx.hush() // of what nobody sees before it is published
		return do(tx)
	})
}
