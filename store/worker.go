package store

import (
	"context"
	"fmt"
	"path/filepath"
)

// lockFile is the name of the file that the processes that work on a SQLite file
// lock. Like SQLite's own files it is beside the file itself, not beside a
// symbolic link to it: they find each other by whatever name they open it.
func lockFile(path string) (string, error) {
	file, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return file + "-lock", nil
}

// JoinWorkers says that this process works on jobs, until leave is called or the
// process ends in whatever way. When no other process works on the database,
// jobs that still count as RUNNING are those of a process that died: they are due
// at once, without waiting for their leases to run out. That can be told of a
// SQLite file only, and on systems that lock files; elsewhere leases have to do.
func (s *Store) JoinWorkers(ctx context.Context) (leave func(), err error) {
	if s.lockFile == "" {
		return func() {}, nil
	}
	lock, alone, err := openLock(s.lockFile)
	if err != nil {
		return nil, fmt.Errorf("store: lock %s: %w", s.lockFile, err)
	}
	if alone {
		err = s.InTx(ctx, func(tx *Tx) error {
			tx.hush()
			_, err := tx.exec(ctx, `
				UPDATE job
				SET lease_until = 0
				WHERE state = 'RUNNING'`)
			return err
		})
		if err == nil {
			err = lock.share()
		}
	}
	if err != nil {
		lock.close()
		return nil, fmt.Errorf("store: take back jobs: %w", err)
	}
	return lock.close, nil
}
