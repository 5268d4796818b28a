// Package shortcut is what generated code needs to write plain data straight to
// JSON. gqlgen makes a context, closures and a marshaler for every field, and a
// goroutine for every element of a list of objects; that is of use where
// resolvers run, and most of the cost of an answer where none do.
//
// A Plan says which fields of a selection are plain. Where anything is not as it
// should be (null where the schema forbids it, a panic, a field that is deferred),
// nothing of the shortcut is used and gqlgen's own code answers. The package
// knows nothing of Loadline.
package shortcut
