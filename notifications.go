package main

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"loadline/enrich"
	"loadline/notify"
	"loadline/store"
)

// notifyFlags say how people are told.
type notifyFlags struct {
	SMTPURL              string `name:"smtp-url" help:"The mail server that e-mail goes through: smtp://USER:PASSWORD@HOST:PORT, which has to offer STARTTLS unless ?tls=none is behind it, or smtps://…; none: no e-mail." env:"LOADLINE_SMTP_URL" placeholder:"URL"`
	SMTPFrom             string `name:"smtp-from" help:"The sender of e-mail." env:"LOADLINE_SMTP_FROM" placeholder:"ADDRESS"`
	AllowPrivateWebhooks bool   `help:"Send webhooks also to addresses of this machine and of private networks, and through the proxy that HTTPS_PROXY names." env:"LOADLINE_ALLOW_PRIVATE_WEBHOOKS"`
}

// smtp returns the mail server, or nil where there is none.
func (f notifyFlags) smtp() (*notify.SMTP, error) {
	switch {
	case f.SMTPURL == "" && f.SMTPFrom == "":
		return nil, nil
	case f.SMTPURL == "":
		return nil, errors.New("--smtp-from: e-mail needs --smtp-url too")
	}
	server, err := notify.ParseSMTP(f.SMTPURL, f.SMTPFrom)
	if err != nil {
		return nil, fmt.Errorf("--smtp-url, --smtp-from: %w", err)
	}
	return server, nil
}

// notifier returns what tells people.
func (c serveCommand) notifier(db *store.Store, facts *enrich.Service, log *slog.Logger) (*notify.Service, error) {
	mail, err := c.smtp()
	if err != nil {
		return nil, err
	}
	return notify.New(db, facts, time.Now, log, notify.Options{
		AllowPrivate: c.AllowPrivateWebhooks,
		Offline:      c.Offline,
		SMTP:         mail,
		UserAgent:    userAgent(),
	}), nil
}
