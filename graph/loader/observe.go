package loader

import (
	"context"
	"reflect"
	"runtime"
	"strings"
	"time"
)

type observerKey struct{}

// Observer is told of a batch when it has ended: what fetched it, for how many
// keys, since when.
type Observer func(name string, keys int, start time.Time)

// WithObserver returns a context under which every batch is told of.
func WithObserver(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observerKey{}, o)
}

// observe returns a function to call when fetch has ended.
func observe(ctx context.Context, fetch any, keys int) (end func()) {
	o, ok := ctx.Value(observerKey{}).(Observer)
	if !ok {
		return func() {}
	}
	start := time.Now()
	return func() { o(nameOf(fetch), keys, start) }
}

// nameOf is the name of a function: ProjectsByIDs of loadline/store.(*Store).ProjectsByIDs-fm.
func nameOf(function any) string {
	name := runtime.FuncForPC(reflect.ValueOf(function).Pointer()).Name()
	name = strings.TrimSuffix(name, "-fm")
	parts := strings.Split(name[strings.LastIndexByte(name, '/')+1:], ".")
	for i := len(parts) - 1; i > 0; i-- {
		// Functions without a name are called after the one they are in.
		if !strings.HasPrefix(parts[i], "func") {
			return parts[i]
		}
	}
	return name
}
