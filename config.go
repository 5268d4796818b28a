package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"time"

	"loadline/background"
	"loadline/cli"
	"loadline/store"
)

// largestUpload is the most that --max-upload may be; 1 TiB.
const largestUpload = 1 << 40

// program is the command line. Each flag is also LOADLINE_… in the environment.
type program struct {
	Serve           serveCommand        `cmd:"" default:"withargs" help:"Serve the API, the playground and the home page (the default command)."`
	Scan            cli.Scan            `cmd:"" help:"Report what affects documents, without a server. Exit status: 0 nothing to report, 1 findings, 2 an error."`
	Sync            cli.Sync            `cmd:"" help:"Bring a mirror of advisories into the database."`
	Demo            demoCommand         `cmd:"" help:"Serve sample projects from a throw-away database, without the network."`
	MigrateDatabase cli.MigrateDatabase `cmd:"" help:"Copy an installation from one database to another, from SQLite to PostgreSQL or back."`
	Version         versionCommand      `cmd:"" help:"Print the version."`
}

// serveCommand are the flags of serve.
type serveCommand struct {
	Listen string   `help:"Address to listen on." default:"127.0.0.1:8080" env:"LOADLINE_LISTEN" placeholder:"HOST:PORT"`
	Hosts  []string `help:"Names under which the server is reached, beside its addresses and localhost; requests to others are refused. By default a server that only this machine reaches takes no others, and any other server takes all." env:"LOADLINE_HOSTS" placeholder:"NAME,…"`

	Role string `help:"What this process does, beside others on the same database: web answers, worker works in the background, all does both." enum:"all,web,worker" default:"all" env:"LOADLINE_ROLE"`

	cli.DatabaseFlags

	MaxUpload   int64 `help:"Largest document that is accepted, in bytes, and after decompression." default:"268435456" env:"LOADLINE_MAX_UPLOAD" placeholder:"BYTES"`
	UploadSpace int64 `help:"Disk space, in the folder for temporary files, that requests take while they are sent, and exports while they are fetched, all of them together, in bytes; 0: eight times --max-upload." default:"0" env:"LOADLINE_UPLOAD_SPACE" placeholder:"BYTES"`
	Workers     int   `help:"Background jobs that run at once; 0: one for each processor." default:"0" env:"LOADLINE_WORKERS" placeholder:"N"`

	Advisories string        `help:"A mirror of OSV's bulk exports to answer from: a directory or a URL. It is synced at the start and from time to time." env:"LOADLINE_ADVISORIES" placeholder:"DIR|URL"`
	Ecosystems []string      `help:"The ecosystems to bring from the mirror, as OSV names them; all: those that it has; used: those of the packages in the database." default:"used" env:"LOADLINE_ECOSYSTEMS" placeholder:"all|used|NAME,…"`
	SyncEvery  time.Duration `help:"How often the mirror is synced." default:"1h" env:"LOADLINE_SYNC_EVERY" placeholder:"DURATION"`

	Introspection bool     `help:"Show the schema to those who ask for it, and hint at names that are nearly right." default:"true" negatable:"" env:"LOADLINE_INTROSPECTION"`
	Documents     []string `help:"Run only the operations of these manifests of persisted documents, Apollo's or graphql-codegen's." type:"existingfile" sep:"none" env:"LOADLINE_DOCUMENTS" placeholder:"FILE"`

	PprofListen string `help:"A second address, of this machine, for Go's profiler at /debug/pprof/; none: no profiler." env:"LOADLINE_PPROF_LISTEN" placeholder:"HOST:PORT"`

	RefreshEvery time.Duration `help:"How often the sources are asked ahead about all that is shipped, as they are after each upload; 0: never, only when somebody asks." default:"1h" env:"LOADLINE_REFRESH_EVERY" placeholder:"DURATION"`

	notifyFlags

	cli.Upstreams
	logFlags

	lane *background.Lane // what ingestion goes by; nil: nothing gives way to anything
}

// Validate names the flag whose value cannot be used.
func (c serveCommand) Validate() error {
	if _, port, err := net.SplitHostPort(c.Listen); err != nil || port == "" {
		return fmt.Errorf("--listen: %q is not HOST:PORT, such as 127.0.0.1:8080", c.Listen)
	}
	if err := checkHosts(c.Hosts); err != nil {
		return err
	}
	if err := c.DatabaseFlags.Validate(); err != nil {
		return err
	}
	if c.MaxUpload < 1 || c.MaxUpload > largestUpload {
		return fmt.Errorf("--max-upload: %d is not a number of bytes from 1 to %d: a document has to fit into memory", c.MaxUpload, largestUpload)
	}
	if c.UploadSpace != 0 && c.UploadSpace < c.MaxUpload {
		return fmt.Errorf("--upload-space: %d is less than --max-upload, which is %d", c.UploadSpace, c.MaxUpload)
	}
	if c.Workers < 0 {
		return fmt.Errorf("--workers: %d is less than 0", c.Workers)
	}
	if c.Advisories != "" && c.SyncEvery < time.Minute {
		return fmt.Errorf("--sync-every: %s is less than a minute", c.SyncEvery)
	}
	if c.PprofListen != "" && !isLoopback(c.PprofListen) {
		return fmt.Errorf("--pprof-listen: %q is not an address of this machine, such as 127.0.0.1:6060: a profile shows what is in memory", c.PprofListen)
	}
	if c.RefreshEvery != 0 && c.RefreshEvery < time.Minute {
		return fmt.Errorf("--refresh-every: %s is less than a minute; 0 is never", c.RefreshEvery)
	}
	if _, err := c.smtp(); err != nil {
		return err
	}
	return c.Upstreams.Validate()
}

func (c serveCommand) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// uploadSpace is how many bytes requests take on disk while they are being sent.
func (c serveCommand) uploadSpace() int64 {
	if c.UploadSpace > 0 {
		return c.UploadSpace
	}
	return 8 * c.MaxUpload
}

// makeWay has ingestion give way to those who ask meanwhile, where both is done
// here. One document at a time is written to SQLite, so half of the processors are
// enough for it. Go gets as many more: those of threads that give way may have to
// wait for the machine, and no question waits for them. PostgreSQL does its part
// elsewhere.
func (c *serveCommand) makeWay() {
	if !c.answers() || !c.works() || store.IsPostgres(c.Database) {
		return
	}
	processors := runtime.GOMAXPROCS(0)
	c.Workers = c.workers()
	beside := max(1, processors/2)
	c.lane = background.NewLane(beside)
	runtime.GOMAXPROCS(processors + beside)
}

// answers says whether the process answers questions and takes uploads.
func (c serveCommand) answers() bool { return c.Role != "worker" }

// works says whether the process works in the background.
func (c serveCommand) works() bool { return c.Role != "web" }

// logFlags say what is logged and how.
type logFlags struct {
	LogLevel  string `help:"The least that is logged: debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"LOADLINE_LOG_LEVEL"`
	LogFormat string `help:"How it is written: text or json." enum:"text,json" default:"text" env:"LOADLINE_LOG_FORMAT"`
}

func (f logFlags) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	// The flag's enum holds only levels that slog knows.
	_ = level.UnmarshalText([]byte(strings.ToUpper(f.LogLevel)))
	options := &slog.HandlerOptions{Level: level}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
