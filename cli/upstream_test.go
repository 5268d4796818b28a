package cli_test

import (
	"strings"
	"testing"

	"loadline/cli"
)

func TestUpstreamsNameTheWrongFlag(t *testing.T) {
	t.Parallel()
	defaults := cli.Defaults()
	right := cli.Upstreams{OSVURL: defaults["osv_url"], EPSSURL: defaults["epss_url"], KEVURL: defaults["kev_url"], DepsDevURL: defaults["depsdev_url"]}
	for _, tt := range []struct {
		name   string
		change func(*cli.Upstreams)
		want   string
	}{
		{"defaults", func(*cli.Upstreams) {}, ""},
		{"any rate", func(u *cli.Upstreams) { u.UpstreamRate = 5 }, ""},
		{"a negative rate", func(u *cli.Upstreams) { u.UpstreamRate = -1 }, "--upstream-rate: -1 is less than 0"},
		{"no URL", func(u *cli.Upstreams) { u.EPSSURL = "epss" }, "--epss-url: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			u := right
			tt.change(&u)
			err := u.Validate()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
