package loader

import (
	"context"
	"reflect"
	"regexp"
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

// nameOf is the name of a function: ProjectsByIDs of
// loadline/store.(*Store).ProjectsByIDs-fm. One without a name is called after
// what it returns, such as Slice[Component].
func nameOf(function any) string {
	value := reflect.ValueOf(function)
	name := strings.TrimSuffix(runtime.FuncForPC(value.Pointer()).Name(), "-fm")
	name = name[strings.LastIndexByte(name, '.')+1:]
	if strings.HasPrefix(name, "func") {
		name = strings.TrimLeft(qualifier.ReplaceAllString(value.Type().Out(0).Elem().String(), ""), "*[]")
	}
	return name
}

// qualifier is the package before the name of a type.
var qualifier = regexp.MustCompile(`(\w+/)*\w+\.`)
