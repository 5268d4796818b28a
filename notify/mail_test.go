package notify_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"loadline/notify"
	"loadline/store"
	"loadline/store/storetest"
)

// mailServer is a small SMTP server that keeps what it takes.
type mailServer struct {
	address string
	tls     *tls.Config // nil: it offers no TLS
	refuse  int         // the code that recipients are answered with; 0: they are taken
	mails   chan string // with the commands before it
}

// listenMail starts a server. It ends with the test.
func listenMail(t *testing.T, m *mailServer) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m.address, m.mails = l.Addr().String(), make(chan string, 10)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			m.serve(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return m
}

func (m *mailServer) serve(conn net.Conn) {
	defer conn.Close()
	c := textproto.NewConn(conn)
	say := func(format string, args ...any) { _ = c.PrintfLine(format, args...) }
	var commands []string
	secure := false
	say("220 test")
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		commands = append(commands, line)
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "EHLO":
			switch {
			case m.tls != nil && !secure:
				say("250-test\r\n250 STARTTLS")
			case secure:
				say("250-test\r\n250 AUTH PLAIN")
			default:
				say("250 test")
			}
		case "STARTTLS":
			say("220 go on")
			secured := tls.Server(conn, m.tls)
			c, secure = textproto.NewConn(secured), true
		case "AUTH":
			say("235 welcome")
		case "RCPT":
			if m.refuse != 0 {
				say("%d 5.1.1 inside.example.internal knows no such user", m.refuse)
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			content, err := io.ReadAll(c.DotReader())
			if err != nil {
				return
			}
			say("250 taken")
			m.mails <- strings.Join(commands, "\n") + "\n\n" + string(content)
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	t.Cleanup(certified.Close)
	server := listenMail(t, &mailServer{tls: &tls.Config{Certificates: certified.TLS.Certificates}})
	smtp, err := notify.ParseSMTP("smtp://user:password@"+server.address, "Loadline <loadline@example.com>")
	if err != nil {
		t.Fatal(err)
	}
	authorities := x509.NewCertPool()
	authorities.AddCert(certified.Certificate())
	smtp.TLS = &tls.Config{RootCAs: authorities}
	h := open(t, storetest.DSN(t), notify.Options{SMTP: smtp})
	c := h.channel(store.NotificationChannel{Kind: store.ChannelEmail, Target: "Team <team@example.com>, lead@example.com"})
	h.ship("Bücher\r\nBcc: all@example.com", "1", shelf)
	h.run()
	if d := h.log(c)[0]; d.State != store.DeliveryDelivered {
		t.Fatalf("delivery = %+v", d)
	}
	session, text, _ := strings.Cut(<-server.mails, "\n\n")
	for _, want := range []string{"STARTTLS", "AUTH PLAIN ", "MAIL FROM:<loadline@example.com>", "RCPT TO:<team@example.com>", "RCPT TO:<lead@example.com>"} {
		if !strings.Contains(session, want) {
			t.Errorf("%q is missing in the session:\n%s", want, session)
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "[Loadline] 2 new findings (2 critical) in Bücher Bcc: all@example.com" || m.Header.Get("Bcc") != "" {
		t.Errorf("subject = %q, %v; header = %v", subject, err, m.Header)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if want := "- CVE-2099-10001 (CRITICAL 9.8, known to be exploited"; err != nil || !strings.Contains(string(body), want) {
		t.Errorf("%q is missing, %v:\n%s", want, err, body)
	}
	if id := m.Header.Get("Message-Id"); !strings.HasSuffix(id, "@example.com>") {
		t.Errorf("message id = %q", id)
	}
}

func TestMailProblems(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		server *mailServer
		url    string
		state  string
		says   string
	}{
		"taken without TLS where that is asked for": {&mailServer{}, "smtp://%s?tls=none", store.DeliveryDelivered, ""},
		"TLS is not offered":                        {&mailServer{}, "smtp://%s", store.DeliveryPending, "does not offer TLS"},
		"a recipient is refused for good":           {&mailServer{refuse: 550}, "smtp://%s?tls=none", store.DeliveryFailed, "answered 550"},
		"a recipient is refused for now":            {&mailServer{refuse: 450}, "smtp://%s?tls=none", store.DeliveryPending, "answered 450"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := listenMail(t, test.server)
			smtp, err := notify.ParseSMTP(fmt.Sprintf(test.url, server.address), "loadline@example.com")
			if err != nil {
				t.Fatal(err)
			}
			h := open(t, storetest.DSN(t), notify.Options{SMTP: smtp})
			c := h.channel(store.NotificationChannel{Kind: store.ChannelEmail, Target: "team@example.com"})
			h.ship("shop", "1", shelf)
			h.run()
			d := h.log(c)[0]
			if d.State != test.state || !strings.Contains(d.Error, test.says) || strings.Contains(d.Error, "internal") {
				t.Errorf("state = %s, error = %q", d.State, d.Error)
			}
		})
	}
}

func TestParseSMTP(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		url, from string
		ok        bool
	}{
		"STARTTLS":              {"smtp://u:p@mail.example.com:587", "a@example.com", true},
		"TLS":                   {"smtps://mail.example.com", "A <a@example.com>", true},
		"no TLS":                {"smtp://mail.example.com:25?tls=none", "a@example.com", true},
		"a password without":    {"smtp://u:hidden@mail.example.com?tls=none", "a@example.com", false},
		"another scheme":        {"http://mail.example.com", "a@example.com", false},
		"no host":               {"smtp://", "a@example.com", false},
		"not a URL":             {"smtp://u:hidden@[::1", "a@example.com", false},
		"a path":                {"smtp://mail.example.com/x", "a@example.com", false},
		"an unknown parameter":  {"smtp://mail.example.com?tls=maybe", "a@example.com", false},
		"no sender":             {"smtp://mail.example.com", "", false},
		"a sender with a break": {"smtp://mail.example.com", "a@example.com\r\nBcc: b@example.com", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := notify.ParseSMTP(test.url, test.from)
			if (err == nil) != test.ok || err != nil && strings.Contains(err.Error(), "hidden") {
				t.Errorf("error = %v", err)
			}
		})
	}
}
