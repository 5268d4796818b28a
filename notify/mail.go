package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"loadline/store"
)

// SMTP is the mail server that e-mail goes through.
type SMTP struct {
	address, host  string
	user, password string
	from           mail.Address
	implicit       bool        // TLS from the first byte
	plain          bool        // no TLS at all
	TLS            *tls.Config // nil: the system's authorities
}

// ParseSMTP reads smtp://[USER:PASSWORD@]HOST[:PORT], where TLS is begun with
// STARTTLS and is required, unless ?tls=none says that there is none; or smtps://…,
// where TLS comes first. The ports are 587 and 465 where none is given. from is the
// sender. Its error says what is wrong, and never has the password.
func ParseSMTP(text, from string) (*SMTP, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("give smtp://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT")
	}
	if u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return nil, errors.New("there must be nothing behind HOST:PORT but ?tls=none")
	}
	s := &SMTP{host: u.Hostname(), user: u.User.Username(), implicit: u.Scheme == "smtps"}
	s.password, _ = u.User.Password()
	for name, values := range u.Query() {
		if name != "tls" || len(values) != 1 || values[0] != "none" || s.implicit {
			return nil, errors.New("the only parameter is ?tls=none, with smtp://")
		}
		s.plain = true
	}
	if s.plain && s.user != "" && !isLocal(s.host) {
		return nil, errors.New("a password is not sent without TLS: leave out ?tls=none, or the user")
	}
	port := u.Port()
	if port == "" {
		port = map[bool]string{true: "465", false: "587"}[s.implicit]
	}
	s.address = net.JoinHostPort(s.host, port)
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is not an e-mail address, such as loadline@example.com", from)
	}
	s.from = *sender
	return s, nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// mail sends an e-mail.
func (s *Service) mail(ctx context.Context, c store.NotificationChannel, d store.NotificationDelivery) outcome {
	if s.o.SMTP == nil {
		return outcome{problem: noMailServer, final: true}
	}
	var m Message
	if err := json.Unmarshal(d.Body, &m); err != nil {
		return outcome{problem: "the message cannot be read", cause: err, final: true}
	}
	to, err := mail.ParseAddressList(c.Target)
	if err != nil {
		return outcome{problem: "the channel's addresses cannot be used", cause: err, final: true}
	}
	content, err := s.o.SMTP.compose(to, d, m)
	if err != nil {
		return outcome{problem: "the message cannot be written", cause: err, final: true}
	}
	if err := s.o.SMTP.send(ctx, to, content); err != nil {
		return refused(ctx, err)
	}
	return outcome{code: 250}
}

const noMailServer = "this server has no mail server to send e-mail through: it is started with --smtp-url and --smtp-from"

// refused is what an error of the mail server means.
func refused(ctx context.Context, err error) outcome {
	out := outcome{cause: err}
	var reply *textproto.Error
	switch {
	case errors.Is(err, errNoTLS):
		out.problem = "the mail server does not offer TLS"
	case errors.As(err, &reply):
		// Its words may be about the inside of a network: the log has them.
		out.code, out.problem = reply.Code, fmt.Sprintf("the mail server answered %d", reply.Code)
		out.final = reply.Code >= 500
	default:
		out.problem = "mail server: " + problemOf(ctx, err)
	}
	return out
}

var errNoTLS = errors.New("notify: the mail server does not offer STARTTLS")

// send hands a mail to the server.
func (m *SMTP) send(ctx context.Context, to []*mail.Address, content []byte) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.address)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	config := &tls.Config{}
	if m.TLS != nil {
		config = m.TLS.Clone()
	}
	config.ServerName = m.host
	if m.implicit {
		conn = tls.Client(conn, config)
	}
	client, err := smtp.NewClient(conn, m.host)
	if err != nil {
		return err
	}
	defer client.Close()
	if !m.implicit && !m.plain {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return errNoTLS
		}
		if err := client.StartTLS(config); err != nil {
			return err
		}
	}
	if m.user != "" {
		if err := client.Auth(smtp.PlainAuth("", m.user, m.password, m.host)); err != nil {
			return err
		}
	}
	if err := client.Mail(m.from.Address); err != nil {
		return err
	}
	for _, a := range to {
		if err := client.Rcpt(a.Address); err != nil {
			return err
		}
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	// It has been taken: that the farewell fails changes nothing.
	_ = client.Quit()
	return nil
}

// compose writes the mail.
func (m *SMTP) compose(to []*mail.Address, d store.NotificationDelivery, msg Message) ([]byte, error) {
	addresses := make([]string, len(to))
	for i, a := range to {
		addresses[i] = a.String()
	}
	_, domain, _ := strings.Cut(m.from.Address, "@")
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", m.from.String()},
		{"To", strings.Join(addresses, ",\r\n ")},
		{"Subject", mime.QEncoding.Encode("utf-8", "[Loadline] "+line(d.Subject))},
		{"Date", d.CreatedAt.Format("Mon, 02 Jan 2006 15:04:05 -0700")},
		{"Message-ID", "<" + MessageID(d) + "@" + domain + ">"},
		{"Auto-Submitted", "auto-generated"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, err := w.Write([]byte(d.Subject + "\n\n" + plain.text(msg)))
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), err
}
