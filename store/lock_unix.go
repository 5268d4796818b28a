//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// fileLock is a lock that ends with its process.
type fileLock struct{ file *os.File }

// openLock locks a file, which it makes where there is none: for itself alone
// where nobody else has it, else shared.
func openLock(path string) (l fileLock, alone bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fileLock{}, false, err
	}
	l = fileLock{f}
	err = l.lock(syscall.LOCK_EX | syscall.LOCK_NB)
	if alone = err == nil; alone {
		return l, true, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		// Who has it for itself alone has it for a moment.
		err = l.share()
	}
	if err != nil {
		l.close()
	}
	return l, false, err
}

// share lets others have the lock too.
func (l fileLock) share() error { return l.lock(syscall.LOCK_SH) }

func (l fileLock) lock(how int) error {
	for {
		err := syscall.Flock(int(l.file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func (l fileLock) close() { _ = l.file.Close() }
