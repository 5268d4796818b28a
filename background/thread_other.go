//go:build !linux

package background

// giveWay does nothing: only Linux has priorities of single threads.
func giveWay() {}
