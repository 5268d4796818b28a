package spool_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"
	"testing/iotest"

	"loadline/spool"
)

func content(n int) []byte {
	text := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range text {
		text[i] = byte(r.Uint32())
	}
	return text
}

func TestContentComesBack(t *testing.T) {
	t.Parallel()
	s := spool.New(1 << 30)
	for _, n := range []int{0, 1, 64<<10 - 1, 64 << 10, 64<<10 + 1, 150 << 10} {
		for _, expected := range []int64{-1, 0, int64(n), 1 << 40} {
			text := content(n)
			c := s.Content(expected)
			for _, part := range [][]byte{text[:n/3], text[n/3:]} {
				if got, err := c.ReadFrom(iotest.DataErrReader(bytes.NewReader(part))); err != nil || got != int64(len(part)) {
					t.Fatalf("of %d bytes %d were kept: %v", len(part), got, err)
				}
			}
			all, err := c.Bytes()
			if err != nil || !bytes.Equal(all, text) || c.Size() != int64(n) {
				t.Errorf("%d bytes came back as %d, %v", n, len(all), err)
			}
			half, err := io.ReadAll(c.Section(int64(n/2), int64(n-n/2)))
			if err != nil || !bytes.Equal(half, text[n/2:]) {
				t.Errorf("the second half of %d bytes came back as %d, %v", n, len(half), err)
			}
			c.Close()
		}
	}
}

func TestSpaceIsShared(t *testing.T) {
	t.Parallel()
	s := spool.New(1 << 20)
	first, second := s.Content(-1), s.Content(-1)
	defer second.Close()
	if _, err := first.ReadFrom(bytes.NewReader(content(1 << 20))); err != nil {
		t.Fatal(err)
	}
	if _, err := second.ReadFrom(bytes.NewReader(content(60 << 10))); err != nil {
		t.Errorf("what is in memory takes space: %v", err)
	}
	if _, err := second.ReadFrom(bytes.NewReader(content(1 << 20))); !errors.Is(err, spool.ErrFull) {
		t.Errorf("beyond the space: %v", err)
	}
	first.Close()
	first.Close()
	third := s.Content(-1)
	defer third.Close()
	if _, err := third.ReadFrom(bytes.NewReader(content(512 << 10))); err != nil {
		t.Errorf("after the first was closed: %v", err)
	}
	fourth := s.Content(-1)
	defer fourth.Close()
	if _, err := fourth.ReadFrom(bytes.NewReader(content(1 << 20))); !errors.Is(err, spool.ErrFull) {
		t.Errorf("closing twice gave space twice: %v", err)
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := spool.New(1 << 30)
	broken := errors.New("broken")
	c := s.Content(-1)
	if n, err := c.ReadFrom(io.MultiReader(bytes.NewReader(content(100<<10)), iotest.ErrReader(broken))); n != 100<<10 || !errors.Is(err, broken) || errors.Is(err, spool.ErrDisk) {
		t.Errorf("of who sends: %d %v", n, err)
	}
	c.Close()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
	t.Setenv("TMPDIR", dir+"/nowhere")
	c = s.Content(-1)
	defer c.Close()
	if _, err := c.ReadFrom(bytes.NewReader(content(100 << 10))); !errors.Is(err, spool.ErrDisk) {
		t.Errorf("of the disk: %v", err)
	}
}
