package main

import (
	"io"
	"strings"
	"testing"
)

func TestSizingWantsSomethingToMeasure(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nodes", "documents", "releases", "components", "uploads", "subscribers", "questions"} {
		err := runSizing(t.Context(), []string{"-" + name, "0"}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "-"+name+": 0 is less than 1") {
			t.Errorf("-%s 0: %v", name, err)
		}
	}
}
