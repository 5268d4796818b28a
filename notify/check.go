package notify

import (
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"loadline/store"
)

const (
	maxURL       = 2000
	maxAddresses = 20
	// The lengths of secrets that standard-webhooks allows, in bytes.
	minSecret, maxSecret = 24, 64
)

// Problem is what is wrong with a channel.
type Problem struct {
	Field   string // target, secret or minEpss
	Message string
}

// Check looks at where a channel is and what it is told of, writes its target in
// the usual way, and gives a webhook without a secret a new one.
func (s *Service) Check(c *store.NotificationChannel) []Problem {
	var problems []Problem
	add := func(field, message string) {
		if message != "" {
			problems = append(problems, Problem{field, message})
		}
	}
	if c.Kind == store.ChannelEmail {
		add("target", s.checkAddresses(c))
	} else {
		add("target", s.checkURL(c.Target))
	}
	switch {
	case c.Kind != store.ChannelWebhook && c.Secret != "":
		add("secret", "only what a webhook carries is signed")
	case c.Kind == store.ChannelWebhook && c.Secret == "":
		c.Secret = NewSecret()
	case c.Kind == store.ChannelWebhook:
		add("secret", checkSecret(c.Secret))
	}
	if !(c.MinEPSS >= 0 && c.MinEPSS <= 1) {
		add("minEpss", fmt.Sprintf("%v is not a probability, 0 to 1", c.MinEPSS))
	}
	return problems
}

func checkSecret(secret string) string {
	text, prefixed := strings.CutPrefix(secret, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(text)
	if !prefixed || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return fmt.Sprintf("a secret is %s and %d to %d bytes in base64; leave it out to get one", secretPrefix, minSecret, maxSecret)
	}
	return ""
}

func (s *Service) checkURL(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.Opaque != "":
		return "give a URL that begins with https:// or http://"
	case len(text) > maxURL:
		return fmt.Sprintf("the URL has %d bytes: at most %d are accepted", len(text), maxURL)
	case u.User != nil:
		return "the URL must not have a user or a password in it"
	case u.Fragment != "":
		return "the URL must not have a fragment"
	case s.o.AllowPrivate:
		return ""
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if a, err := netip.ParseAddr(host); err == nil && isPrivate(a) || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return privateProblem
	}
	return ""
}

func (s *Service) checkAddresses(c *store.NotificationChannel) string {
	if s.o.SMTP == nil {
		return noMailServer
	}
	list, err := mail.ParseAddressList(c.Target)
	if err != nil {
		return "give e-mail addresses with commas between them, such as team@example.com, lead@example.com"
	}
	if len(list) > maxAddresses {
		return fmt.Sprintf("there are %d addresses: at most %d are accepted", len(list), maxAddresses)
	}
	addresses := make([]string, len(list))
	for i, a := range list {
		if strings.ContainsAny(a.Address, "\r\n") {
			return "an address must not contain line breaks"
		}
		addresses[i] = a.Address
	}
	slices.Sort(addresses)
	c.Target = strings.Join(slices.Compact(addresses), ", ")
	return ""
}

// Masked returns the target and the secret as they may be shown: of a URL the host
// alone, for the rest may be a secret too, and of a secret its end.
func Masked(c store.NotificationChannel) (target, secret string) {
	target = c.Target
	if c.Kind != store.ChannelEmail {
		target = "…"
		if u, err := url.Parse(c.Target); err == nil {
			target = u.Scheme + "://" + u.Host + "/…"
		}
	}
	if n := len(c.Secret); n > len(secretPrefix)+8 {
		secret = secretPrefix + "…" + c.Secret[n-4:]
	}
	return target, secret
}
