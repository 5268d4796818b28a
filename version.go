package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"

	"loadline/cli"
)

// version is set by the linker for a release.
var version = ""

// versionCommand prints the version.
type versionCommand struct{}

// Run prints it.
func (versionCommand) Run(out cli.Output) error {
	_, err := fmt.Fprintln(out.Stdout, "loadline", currentVersion())
	return err
}

func currentVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// userAgent is how upstreams know this program.
func userAgent() string { return "loadline/" + currentVersion() }

// processName tells this process apart from others on the same database.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return host + "/" + strconv.Itoa(os.Getpid())
}
