package wire

import (
	"errors"
	"io"
)

// maxPartHead is the most bytes of the header of a part of a form. It is in memory
// while it comes; mime/multipart would allow 10 MB.
const maxPartHead = 16 << 10

var errLongHead = errors.New("the header of a part is too long")

// headed is the body of a form. It ends with errLongHead where more than a part's
// header comes between begin and end.
type headed struct {
	r    io.Reader
	head bool
	left int
}

func (h *headed) begin() { h.head, h.left = true, maxPartHead }
func (h *headed) end()   { h.head = false }

func (h *headed) Read(p []byte) (int, error) {
	if !h.head {
		return h.r.Read(p)
	}
	if h.left == 0 {
		return 0, errLongHead
	}
	n, err := h.r.Read(p[:min(len(p), h.left)])
	h.left -= n
	return n, err
}
