package graph

import (
	"context"
	"errors"

	"loadline/graph/loader"
)

// Fields that many objects have are resolved for all of them at once: package
// shortcut looks for methods named after the field with Batch behind it. The
// method for one object is the same with a list of one.

// single resolves a field of one object.
func single[T, V any](ctx context.Context, obj T, batch func(context.Context, []T) ([]V, error)) (V, error) {
	values, err := batch(ctx, []T{obj})
	if err != nil {
		var none V
		return none, err
	}
	return values[0], nil
}

// loadAll returns what each key loads, in their order; or the errors, when there
// are any.
func loadAll[K comparable, V any](ctx context.Context, l loader.Loader[K, V], keys []K) ([]V, error) {
	values, errs := l.LoadMany(ctx, keys)()
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return values, nil
}

// loadEach loads one row for each object by its key and converts it. An object
// whose key is zero gets a zero value.
func loadEach[T any, K comparable, R, V any](ctx context.Context, objs []T, l loader.Loader[K, R], key func(T) K, convert func(T, R) V) ([]V, error) {
	var none K
	keys := make([]K, 0, len(objs))
	for _, obj := range objs {
		if k := key(obj); k != none {
			keys = append(keys, k)
		}
	}
	rows, err := loadAll(ctx, l, keys)
	if err != nil {
		return nil, err
	}
	values := make([]V, len(objs))
	next := 0
	for i, obj := range objs {
		if key(obj) != none {
			values[i] = convert(obj, rows[next])
			next++
		}
	}
	return values, nil
}

// from makes a conversion out of one that does not need the object.
func from[T, R, V any](convert func(R) V) func(T, R) V {
	return func(_ T, row R) V { return convert(row) }
}
