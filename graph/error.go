package graph

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"loadline/graph/model"
	"loadline/store"
)

// The codes in `extensions.code` of an error.
const (
	codeBadInput  = "BAD_USER_INPUT"
	codeNotFound  = "NOT_FOUND"
	codeCancelled = "CANCELLED"
	codeInternal  = "INTERNAL_SERVER_ERROR"
)

// presenter shows a client those errors that are made for it; of any other it
// shows an id, under which the cause is logged.
func presenter(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		if fc := graphql.GetFieldContext(ctx); len(shown.Locations) == 0 && len(shown.Path) > 0 && fc != nil && fc.Field.Field != nil {
			shown.Locations = []gqlerror.Location{{Line: fc.Field.Position.Line, Column: fc.Field.Position.Column}}
		}
		var bad model.InputError
		switch {
		case errors.As(err, &bad):
			return coded(shown, bad.Error(), codeBadInput)
		case errors.Is(err, store.ErrNotFound):
			return coded(shown, "this has been deleted since it was asked for", codeNotFound)
		case errors.Is(err, store.ErrBadCursor):
			return coded(shown, "the cursor is not one that this list has handed out", codeBadInput)
		case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
			return coded(shown, "the request ended before the answer was complete", codeCancelled)
		case isLanguage(err):
			return shown
		}
		id := rand.Text()
		log.ErrorContext(ctx, "field failed", "error_id", id, "path", shown.Path.String(), "error", err)
		return coded(shown, "internal error; the server's log has it under "+id, codeInternal)
	}
}

// recoverer turns a panic into an error that presenter masks.
func recoverer(log *slog.Logger) graphql.RecoverFunc {
	return func(ctx context.Context, panicked any) error {
		log.ErrorContext(ctx, "resolver panicked", "panic", panicked, "stack", string(debug.Stack()))
		return errPanicked
	}
}

var errPanicked = errors.New("resolver panicked")

// isLanguage says whether the error is gqlgen's own word about the request:
// about its document, its variables or its operation. Those wrap nothing.
func isLanguage(err error) bool {
	var g *gqlerror.Error
	return errors.As(err, &g) && g.Unwrap() == nil
}

func coded(e *gqlerror.Error, message, code string) *gqlerror.Error {
	return &gqlerror.Error{
		Message:    message,
		Path:       e.Path,
		Locations:  e.Locations,
		Extensions: map[string]any{"code": code},
	}
}
