package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/coder/websocket"
)

// refusal is an error of GraphQL.
type refusal struct {
	Message    string
	Extensions struct{ Code string }
}

func (r refusal) Error() string { return fmt.Sprintf("%s (%s)", r.Message, r.Extensions.Code) }

// refused is the first of a list of errors of GraphQL; nil if there is none.
func refused(list []byte) error {
	var all []refusal
	if err := json.Unmarshal(list, &all); err != nil {
		return fmt.Errorf("%s: %w", list, err)
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// temporary says whether a client may try again what ended with err: its server
// has gone, or said so.
func temporary(err error) bool {
	var (
		status  statusError
		refused refusal
		closed  websocket.CloseError
		dialed  *url.Error
		network net.Error
	)
	switch {
	case errors.As(err, &status):
		return status.status == http.StatusTooManyRequests || status.status == http.StatusBadGateway || status.status == http.StatusServiceUnavailable
	case errors.As(err, &refused):
		return refused.Extensions.Code == "BUSY"
	case errors.As(err, &closed):
		return closed.Code == websocket.StatusGoingAway || closed.Code == websocket.StatusServiceRestart || closed.Code == websocket.StatusTryAgainLater
	}
	return errors.As(err, &dialed) || errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
