package web

import _ "embed"

// Documents is the manifest of the dashboard's persisted documents: its operations
// by their SHA-256.
//
//go:embed app/gql/persisted-documents.json
var Documents string
