//go:build tools

// This file pins what builds Loadline but is no part of it.
package main

import _ "github.com/99designs/gqlgen"
