package shortcut_test

import (
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"loadline/graph/shortcut"
	"loadline/graph/shortcut/testserver"
)

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "plain", "\"\\\t\r\n\x00\x1f", "é\u2028\xff</script>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want strings.Builder
		graphql.MarshalString(s).MarshalGQL(&want)
		if got := string(shortcut.AppendString(nil, s)); got != want.String() {
			t.Errorf("%q is written as %s, gqlgen writes %s", s, got, want.String())
		}
	})
}

func FuzzFloat(f *testing.F) {
	for _, v := range []float64{0, -0.00001, 1e6, 1e20, 1e21, 123456789, 0.97556, 5e-324} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v float64) {
		var want strings.Builder
		if graphql.MarshalFloatContext(v).MarshalGQLContext(t.Context(), &want) != nil {
			t.Skip("not a number")
		}
		w := shortcut.NewWriter()
		ok := w.Float(v)
		if got := string(w.B); !ok || got != want.String() {
			t.Errorf("%v is written as %s, gqlgen writes %s", v, got, want.String())
		}
		w.End(&ok)
	})
}

func FuzzEnum(f *testing.F) {
	f.Add("UPPER_SNAKE")
	f.Add("lower \"quoted\" é\xff")
	f.Fuzz(func(t *testing.T, v string) {
		var want strings.Builder
		testserver.Kind(v).MarshalGQL(&want)
		w := shortcut.NewWriter()
		w.Enum(v)
		if got := string(w.B); got != want.String() {
			t.Errorf("%q is written as %s, gqlgen writes %s", v, got, want.String())
		}
		ok := true
		w.End(&ok)
	})
}
