//go:build !unix

package store

// fileLock is no lock: this system has none that we know how to use.
type fileLock struct{}

func openLock(string) (l fileLock, alone bool, err error) { return fileLock{}, false, nil }

func (fileLock) share() error { return nil }
func (fileLock) close()       {}
