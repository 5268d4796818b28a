package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/graph-gophers/dataloader/v7"

	"loadline/graph/dispatch"
)

// double is a batch function that doubles its keys.
func double(_ context.Context, keys []int) []*dataloader.Result[int] {
	return every(keys, func(k int) int { return 2 * k })
}

// noting returns batch, with the keys of each call appended to calls.
func noting(calls *[][]int, batch dataloader.BatchFunc[int, int]) dataloader.BatchFunc[int, int] {
	var mu sync.Mutex
	return func(ctx context.Context, keys []int) []*dataloader.Result[int] {
		mu.Lock()
		*calls = append(*calls, slices.Clone(keys))
		mu.Unlock()
		return batch(ctx, keys)
	}
}

func TestOutsideOfAResponseTheFirstThunkDispatches(t *testing.T) {
	t.Parallel()
	var calls [][]int
	l := dispatch.NewLoader(noting(&calls, double))
	thunks := []dataloader.Thunk[int]{l.Load(t.Context(), 1), l.Load(t.Context(), 2), l.Load(t.Context(), 1)}
	for i, want := range []int{2, 4, 2} {
		if got, err := thunks[i](); got != want || err != nil {
			t.Errorf("thunk %d: %d, %v", i, got, err)
		}
	}
	if got, err := l.Load(t.Context(), 3)(); got != 6 || err != nil {
		t.Errorf("third key: %d, %v", got, err)
	}
	if diff := cmp.Diff([][]int{{1, 2}, {3}}, calls); diff != "" {
		t.Errorf("batches (-want +got)\n%s", diff)
	}
}

func TestOutsideOfAResponseLoadManyDispatchesAtOnce(t *testing.T) {
	t.Parallel()
	called := make(chan []int)
	l := dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[int] {
		called <- keys
		return double(ctx, keys)
	})
	thunk := l.LoadMany(t.Context(), []int{3, 1, 3})
	if diff := cmp.Diff([]int{3, 1}, <-called); diff != "" {
		t.Errorf("keys (-want +got)\n%s", diff)
	}
	got, errs := thunk()
	if diff := cmp.Diff([]int{6, 2, 6}, got); diff != "" || errs != nil {
		t.Errorf("%v (-want +got)\n%s", errs, diff)
	}
}

func TestEveryKeyIsAnswered(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for _, tt := range []struct {
		name  string
		batch dataloader.BatchFunc[int, int]
		want  []string
		again int
	}{
		{"an error for one key", func(context.Context, []int) []*dataloader.Result[int] {
			return []*dataloader.Result[int]{{Data: 2}, {Error: failed}}
		}, []string{"2", "failed"}, 1},
		{"a nil result", func(context.Context, []int) []*dataloader.Result[int] {
			return []*dataloader.Result[int]{nil, {Data: 4}}
		}, []string{"dispatch: load 1: batch function gave no result", "4"}, 1},
		{"too few results", func(context.Context, []int) []*dataloader.Result[int] {
			return []*dataloader.Result[int]{{Data: 2}}
		}, []string{
			"dispatch: load 1: batch function answered 2 keys with 1 results",
			"dispatch: load 2: batch function answered 2 keys with 1 results",
		}, 1},
		{"no results", func(context.Context, []int) []*dataloader.Result[int] { return nil }, []string{
			"dispatch: load 1: batch function answered 2 keys with 0 results",
			"dispatch: load 2: batch function answered 2 keys with 0 results",
		}, 1},
		{"a panic, which is not kept", func(context.Context, []int) []*dataloader.Result[int] { panic("oh") },
			[]string{"dispatch: load 1: panic: oh", "dispatch: load 2: panic: oh"}, 2},
		{"a goroutine that ends, which is not kept", func(context.Context, []int) []*dataloader.Result[int] {
			runtime.Goexit()
			return nil
		}, []string{
			"dispatch: load 1: left its goroutine",
			"dispatch: load 2: left its goroutine",
		}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var calls [][]int
			l := dispatch.NewLoader(noting(&calls, tt.batch))
			for range 2 {
				got, errs := l.LoadMany(t.Context(), []int{1, 2})()
				for i, want := range tt.want {
					text := fmt.Sprint(got[i])
					if errs != nil && errs[i] != nil {
						text = errs[i].Error()
					}
					if text != want {
						t.Errorf("key %d: %s, want %s", i+1, text, want)
					}
				}
			}
			if len(calls) != tt.again {
				t.Errorf("%d batches, want %d", len(calls), tt.again)
			}
		})
	}
}

func TestPanicErrorHasTheStack(t *testing.T) {
	t.Parallel()
	l := dispatch.NewLoader(func(context.Context, []int) []*dataloader.Result[int] { panic("oh") })
	_, err := l.Load(t.Context(), 1)()
	var p *dispatch.PanicError
	if !errors.As(err, &p) || p.Value != "oh" || !strings.Contains(string(p.Stack), "loader_test.go") {
		t.Errorf("%#v", err)
	}
}

func TestAThunkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	l := dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[int] {
		<-release
		if ctx.Err() != nil {
			t.Error("the batch's context ended with that of one Load")
		}
		return double(ctx, keys)
	})
	ctx, cancel := context.WithCancel(t.Context())
	first, second := l.Load(ctx, 1), l.Load(t.Context(), 2)
	cancel()
	if _, err := first(); !errors.Is(err, context.Canceled) {
		t.Errorf("first: %v", err)
	}
	close(release)
	if got, err := second(); got != 4 || err != nil {
		t.Errorf("second: %d, %v", got, err)
	}
	if got, err := l.Load(t.Context(), 1)(); got != 2 || err != nil {
		t.Errorf("first key, again: %d, %v", got, err)
	}
}

func TestClearAndPrime(t *testing.T) {
	t.Parallel()
	var calls [][]int
	l := dispatch.NewLoader(noting(&calls, double))
	load := func(key, want int) {
		t.Helper()
		if got, err := l.Load(t.Context(), key)(); got != want || err != nil {
			t.Errorf("load %d: %d, %v", key, got, err)
		}
	}
	l.Prime(t.Context(), 1, 10).Prime(t.Context(), 1, 11)
	load(1, 10)
	load(2, 4)
	l.Clear(t.Context(), 1).Clear(t.Context(), 2)
	load(1, 2)
	load(2, 4)
	l.Prime(t.Context(), 2, 20)
	load(2, 4)
	waiting := l.Load(t.Context(), 3)
	l.Clear(t.Context(), 3).ClearAll()
	load(3, 6)
	if got, err := waiting(); got != 6 || err != nil {
		t.Errorf("waiting: %d, %v", got, err)
	}
	load(1, 2)
	if diff := cmp.Diff([][]int{{2}, {1}, {2}, {3}, {1}}, calls); diff != "" {
		t.Errorf("batches (-want +got)\n%s", diff)
	}
}

func TestAFullBatchLeaves(t *testing.T) {
	t.Parallel()
	called := make(chan []int, 3)
	l := dispatch.NewLoader(func(ctx context.Context, keys []int) []*dataloader.Result[int] {
		called <- keys
		return double(ctx, keys)
	}, dispatch.WithCapacity[int, int](2))
	thunks := make([]dataloader.Thunk[int], 5)
	for i := range thunks {
		thunks[i] = l.Load(t.Context(), i)
	}
	sizes := []int{len(<-called), len(<-called)}
	for i, thunk := range thunks {
		if got, err := thunk(); got != 2*i || err != nil {
			t.Errorf("%d: %d, %v", i, got, err)
		}
	}
	if diff := cmp.Diff([]int{2, 2, 1}, append(sizes, len(<-called))); diff != "" {
		t.Errorf("batches (-want +got)\n%s", diff)
	}
}

func TestManyGoroutinesLoad(t *testing.T) {
	t.Parallel()
	var calls [][]int
	l := dispatch.NewLoader(noting(&calls, double))
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := range 200 {
				key := (i*7 + g) % 50
				if got, err := l.Load(t.Context(), key)(); got != 2*key || err != nil {
					t.Errorf("%d: %d, %v", key, got, err)
				}
			}
		})
	}
	wg.Wait()
	keys := slices.Concat(calls...)
	slices.Sort(keys)
	if n := len(keys); n != 50 || len(slices.Compact(keys)) != 50 {
		t.Errorf("%d keys in batches, want each of 50 once", n)
	}
}

type tracer struct {
	dataloader.NoopTracer[int, int]
	seen []string
}

func (tr *tracer) TraceBatch(ctx context.Context, keys []int) (context.Context, dataloader.TraceBatchFinishFunc[int]) {
	tr.seen = append(tr.seen, fmt.Sprint("start ", keys))
	return ctx, func(r []*dataloader.Result[int]) { tr.seen = append(tr.seen, fmt.Sprint("end ", r[0].Data)) }
}

func TestBatchesAreTraced(t *testing.T) {
	t.Parallel()
	tr := &tracer{}
	l := dispatch.NewLoader(double, dispatch.WithTracer(dataloader.Tracer[int, int](tr)))
	if _, err := l.Load(t.Context(), 4)(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"start [4]", "end 8"}, tr.seen); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestGoOutsideOfAResponse(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	if err := dispatch.Go(t.Context(), func(context.Context) error { return failed })(); !errors.Is(err, failed) {
		t.Errorf("error: %v", err)
	}
	var p *dispatch.PanicError
	if err := dispatch.Go(t.Context(), func(context.Context) error { panic("oh") })(); !errors.As(err, &p) {
		t.Errorf("panic: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hold := make(chan struct{})
	defer close(hold)
	if err := dispatch.Go(ctx, func(context.Context) error { <-hold; return nil })(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
