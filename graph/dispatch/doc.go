// Package dispatch lets the batches of dataloaders leave without a clock: a batch
// leaves when no resolver of the response can add to it any more. It stands on
// gqlgen and on the types of graph-gophers/dataloader, and knows nothing of
// Loadline.
//
//	srv.Use(&dispatch.Extension{})              // once, before other extensions
//	users := dispatch.NewLoader(fetchUsers)     // for each response
//	user, err := users.Load(ctx, id)()          // in a resolver
//
// # How it knows
//
// A tracker for each response counts tokens. A resolver holds one from when it
// is certain to be started until it returns. A thunk that has to wait gives the
// token back, and gets it again, before it goes on, when the batch has ended. At
// zero every resolver that has started waits for a loader and no other will
// start, so all open batches leave at once, each with all its keys. That instant
// needs no guess, so that the number of batches does not depend on the number
// of parents, on the load of the machine, or on luck.
//
// The difficulty is the word certain. Between a resolver's return and the start
// of the resolvers below it, gqlgen collects fields and starts goroutines, and
// no token may be missing meanwhile. So whoever returns takes the tokens of
// those that will follow before it gives up its own. Which these are is a plan,
// made once for each selection set of an operation:
//
//   - the inline fields, those that are no resolvers, with resolvers below
//     them. gqlgen resolves them one after the other, each with all its subtree,
//     in the goroutine of the object; that goroutine holds one token on its way
//     to the next of them;
//   - then all resolvers of the object, a token each, times the objects in the
//     list that are not null;
//   - then, if the object has not become null by then, its deferred resolvers.
//
// Where one of these stages must wait for the one before it, a frame counts the
// ends below and passes on the last token. Objects without stages, which is what
// most are, need none. Skipped fields, fragments and fields whose arguments cannot
// be read are no part of a plan. The type of an object below an interface or union
// follows from its Go type. Resolvers for a whole list (batch: true) hold the
// tokens of all their siblings, who wait inside of gqlgen for the one that runs.
// Root fields of a mutation take their token when their turn comes. Each event of
// a subscription is a response of its own.
//
// Which fields have resolvers is read from the generated code's types when the
// extension is added. The executor, its templates and the schema stay as they are.
//
// # When it is wrong
//
// A wrong count never costs an answer: too low, and some batches leave early; too
// high, and a fallback sends them off. The fallback looks every Patience whether
// anything has moved, and acts when that has not been so for several looks (see
// Extension). [Stats] counts it. It has work to do
//
//   - when a resolver is blocked by something else than a loader, as by I/O of
//     its own, while others wait. That works, but holds the others up: give such
//     I/O a loader;
//   - when a resolver waits for goroutines of its own that load: start them with [Go];
//   - when a thunk is called elsewhere than where it was loaded, or by a directive or
//     another extension around a field that is no resolver;
//   - when arguments that cannot be read belong to a field directly below an interface
//     or union, where gqlgen offers no way to try them beforehand;
//   - when gqlgen's worker_limit keeps elements of lists from starting: leave it
//     at zero;
//   - when an extension that was added before this one keeps a resolver from running.
//
// A subscription whose events are lists or interfaces is right but may take more
// batches: nothing tells how many objects an event brings.
//
// # What follows from it for schemas
//
// A field of a struct with resolvers below it is resolved before the resolvers
// beside it start; that is gqlgen's order, and costs a level. Loads that become
// possible at different times, as below two batches that end one after the other,
// leave at different times: waiting would make the answer slower to save a batch.
// So a loader may be called once for each level of the query and for each chain
// of loads that leads there, whatever the number of objects.
//
// # Why not a dataloader inside
//
// [Loader] implements dataloader.Interface and takes its batch functions, results
// and tracers. It does not run a dataloader.Loader of the size of each batch,
// which public means allow: that costs ten allocations a key against two, three
// goroutines a batch against one, logs panics by itself, panics on a nil result,
// and never returns when a batch function ends its goroutine.
package dispatch
