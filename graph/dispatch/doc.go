// Package dispatch lets dataloader batches leave without a clock: a batch leaves
// when no resolver of the response can make progress any more. It stands on
// gqlgen and dataloader and knows nothing of Loadline.
package dispatch
