package notify_test

import (
	"strings"
	"testing"

	"loadline/notify"
	"loadline/store"
	"loadline/store/storetest"
)

func TestTargets(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.DSN(t), notify.Options{})
	for target, ok := range map[string]bool{
		"https://hooks.example.com/services/T0/B0":         true,
		"http://example.com:8080/hook?a=b":                 true,
		"https://93.184.216.34/":                           true,
		"https://[2606:4700::1]/":                          true,
		"ftp://example.com/":                               false,
		"example.com":                                      false,
		"https://":                                         false,
		"https://user:password@example.com/":               false,
		"https://example.com/#part":                        false,
		"https://localhost/":                               false,
		"https://LOCALHOST./":                              false,
		"https://a.localhost/":                             false,
		"http://127.0.0.1/":                                false,
		"http://0.0.0.0/":                                  false,
		"http://10.1.2.3/":                                 false,
		"http://172.16.0.1/":                               false,
		"http://192.168.1.1/":                              false,
		"http://169.254.169.254/latest/meta-data/":         false,
		"http://100.64.0.1/":                               false,
		"http://[::1]/":                                    false,
		"http://[::]/":                                     false,
		"http://[fe80::1]/":                                false,
		"http://[fd00::1]/":                                false,
		"http://[::ffff:127.0.0.1]/":                       false,
		"http://[::ffff:10.0.0.1]/":                        false,
		"http://[64:ff9b::7f00:1]/":                        false,
		"http://[2002:7f00:1::]/":                          false,
		"http://224.0.0.1/":                                false,
		"http://255.255.255.255/":                          false,
		"https://example.com/" + strings.Repeat("a", 2000): false,
	} {
		c := store.NotificationChannel{Kind: store.ChannelWebhook, Target: target}
		if problems := h.service.Check(&c); (len(problems) == 0) != ok {
			t.Errorf("%.60s: %v", target, problems)
		}
	}
}

// A name that leads to a private address is found out when it is connected to,
// whatever was checked before.
func TestNothingPrivateIsConnectedTo(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.DSN(t), notify.Options{})
	r := listen(t)
	for name, target := range map[string]string{
		"by address": r.URL,
		"by name":    strings.Replace(r.URL, "127.0.0.1", "localhost", 1),
		"by number":  strings.Replace(r.URL, "127.0.0.1", "[::ffff:7f00:1]", 1),
	} {
		c := h.force(store.NotificationChannel{Name: name, Kind: store.ChannelWebhook, Target: target, Secret: notify.NewSecret()})
		d, err := h.service.Test(t.Context(), c.ID)
		if err != nil || d.State != store.DeliveryFailed || !strings.Contains(d.Error, "--allow-private-webhooks") {
			t.Errorf("%s: delivery = %s %q, %v", name, d.State, d.Error, err)
		}
	}
	if got := r.take(); len(got) > 0 {
		t.Errorf("%d calls arrived", len(got))
	}
}

func TestOfflineSendsNothing(t *testing.T) {
	t.Parallel()
	h := open(t, storetest.DSN(t), notify.Options{AllowPrivate: true, Offline: true})
	r := listen(t)
	c := h.channel(store.NotificationChannel{Target: r.URL})
	d, err := h.service.Test(t.Context(), c.ID)
	if err != nil || d.State != store.DeliveryFailed || !strings.Contains(d.Error, "--offline") {
		t.Errorf("delivery = %+v, %v", d, err)
	}
	if got := r.take(); len(got) > 0 {
		t.Errorf("%d calls arrived", len(got))
	}
}

func TestSecretsAndPathsAreMasked(t *testing.T) {
	t.Parallel()
	c := store.NotificationChannel{Kind: store.ChannelWebhook, Target: "https://hooks.example.com/services/T0/hidden?key=hidden", Secret: notify.NewSecret()}
	target, secret := notify.Masked(c)
	if target != "https://hooks.example.com/…" || len(secret) > len("whsec_…")+4 {
		t.Errorf("target = %q, secret = %q", target, secret)
	}
}
