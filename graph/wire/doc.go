// Package wire speaks GraphQL over HTTP (POST, GET, multipart uploads), Server-Sent
// Events, multipart/mixed and WebSocket for a schema that gqlgen generated.
// gqlgen's executor runs the operations; its transports are not used, because
// they differ from the protocols in ways that options do not reach (see
// docs/adr/0014-transports-of-our-own.md and docs/conformance.md).
//
// What a client sends is bounded before anything is made of it: the bytes of a
// request, the tokens, depth, aliases and directives of a document, the time
// that all may take. The package knows nothing of Loadline.
package wire
