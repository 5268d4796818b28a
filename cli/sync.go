package cli

import "errors"

// Sync brings a mirror of advisories into the database.
type Sync struct {
	Advisories string `help:"A mirror of OSV's bulk exports: a directory or a URL." required:"" env:"LOADLINE_ADVISORIES" placeholder:"DIR|URL"`
	Database   string `help:"The SQLite file." default:"loadline.db" env:"LOADLINE_DATABASE" placeholder:"FILE"`
}

// Run says that this is not built yet.
func (Sync) Run() error {
	return errors.New("sync: not yet: this version asks the upstreams while it answers; a mirror comes with the next one")
}
