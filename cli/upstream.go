// Package cli holds the commands beside serve, and the flags that several
// commands share.
package cli

import (
	"context"
	"fmt"

	"loadline/enrich"
	"loadline/upstream"
	"loadline/upstream/depsdev"
	"loadline/upstream/epss"
	"loadline/upstream/kev"
	"loadline/upstream/osv"
)

// Upstreams are the flags that say where facts come from.
type Upstreams struct {
	Offline    bool   `help:"Let nothing leave this machine: answer from the database alone." env:"LOADLINE_OFFLINE"`
	OSVURL     string `name:"osv-url" help:"Base URL of OSV." default:"${osv_url}" env:"LOADLINE_OSV_URL" placeholder:"URL"`
	EPSSURL    string `name:"epss-url" help:"Base URL of FIRST's EPSS." default:"${epss_url}" env:"LOADLINE_EPSS_URL" placeholder:"URL"`
	KEVURL     string `name:"kev-url" help:"Base URL of CISA's KEV catalogue, or the catalogue's own address." default:"${kev_url}" env:"LOADLINE_KEV_URL" placeholder:"URL"`
	DepsDevURL string `name:"depsdev-url" help:"Base URL of deps.dev." default:"${depsdev_url}" env:"LOADLINE_DEPSDEV_URL" placeholder:"URL"`

	UpstreamRate int `help:"Calls a second that each source gets at most, for sources of your own; 0: what suits the public ones." default:"0" env:"LOADLINE_UPSTREAM_RATE" placeholder:"N"`
}

// Defaults are the values of the flags that are not given.
func Defaults() map[string]string {
	return map[string]string{
		"osv_url":     osv.DefaultURL,
		"epss_url":    epss.DefaultURL,
		"kev_url":     kev.DefaultURL,
		"depsdev_url": depsdev.DefaultURL,
	}
}

// Validate names the flag whose value cannot be used.
func (u Upstreams) Validate() error {
	for _, f := range []struct{ name, value string }{
		{"--osv-url", u.OSVURL},
		{"--epss-url", u.EPSSURL},
		{"--kev-url", u.KEVURL},
		{"--depsdev-url", u.DepsDevURL},
	} {
		if err := upstream.CheckBaseURL(f.value); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if u.UpstreamRate < 0 {
		return fmt.Errorf("--upstream-rate: %d is less than 0", u.UpstreamRate)
	}
	return nil
}

// Connect returns clients for the sources, in the order OSV, EPSS, KEV, deps.dev. onCall is
// told of every call that they make.
func (u Upstreams) Connect(userAgent string, onCall func(context.Context, upstream.Attempt)) (enrich.Upstreams, []*upstream.Client) {
	clients := make([]*upstream.Client, 0, 4)
	client := func(s upstream.Source) *upstream.Client {
		c := upstream.NewClient(s, upstream.Options{
			UserAgent:         userAgent,
			Offline:           u.Offline,
			RequestsPerSecond: float64(u.UpstreamRate),
			Burst:             u.UpstreamRate,
			OnCall:            onCall,
		})
		clients = append(clients, c)
		return c
	}
	return enrich.Upstreams{
		OSV:     osv.New(u.OSVURL, client(upstream.OSV)),
		EPSS:    epss.New(u.EPSSURL, client(upstream.EPSS)),
		KEV:     kev.New(u.KEVURL, client(upstream.KEV)),
		DepsDev: depsdev.New(u.DepsDevURL, client(upstream.DepsDev)),
	}, clients
}
