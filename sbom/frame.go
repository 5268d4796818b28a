package sbom

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

const gzipMagic = "\x1f\x8b"

// unframe returns the text of a document: unpacked, without byte-order mark, in
// UTF-8. XML that declares an encoding of its own is left in it.
func unframe(data []byte, w *warnings) ([]byte, error) {
	if len(data) > MaxSize {
		return nil, tooLarge("the document has %d bytes: at most %d are accepted", len(data), MaxSize)
	}
	if bytes.HasPrefix(data, []byte(gzipMagic)) {
		var err error
		if data, err = gunzip(data); err != nil {
			return nil, err
		}
	}
	for _, magic := range []string{"PK\x03\x04", "\x28\xb5\x2f\xfd", "\xfd7zXZ", "BZh", gzipMagic} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return nil, unsupported("this is an archive, or compressed in a way that is not accepted: unpack it first")
		}
	}
	if isProtobuf(data) {
		return nil, unsupported("CycloneDX as protobuf is not read: convert it to JSON")
	}
	data = decodeUTF16(data)
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.Trim(data, " \t\r\n\x00")) == 0 {
		return nil, unsupported("the document is empty")
	}
	if at := invalidUTF8(data); at >= 0 && declaredEncoding(data) == "" {
		w.add(at, WarnInvalidText, lineAt(data, at), "bytes that are no UTF-8 were replaced by %q", utf8.RuneError)
		data = bytes.ToValidUTF8(data, []byte(string(utf8.RuneError)))
	}
	return data, nil
}

// gunzip inflates twice, first only to learn the size, so that neither a bomb
// nor a growing buffer takes more memory than the document.
func gunzip(data []byte) ([]byte, error) {
	size, err := inflate(io.Discard, data)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(int(size))
	if _, err := inflate(&out, data); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func inflate(w io.Writer, data []byte) (int64, error) {
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return 0, malformed("byte 0", "the gzip header is broken: %v", err)
	}
	n, err := io.Copy(w, io.LimitReader(zr, MaxSize+1))
	switch {
	case n > MaxSize:
		return n, tooLarge("the document has more than %d bytes when unpacked: that is the limit", MaxSize)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, malformed("", "the gzip stream is cut off after %d bytes of the document", n)
	case err != nil:
		return n, malformed("", "the gzip stream is broken after %d bytes of the document: %v", n, err)
	}
	return n, nil
}

// decodeUTF16 turns UTF-16 into UTF-8. Without a byte-order mark it goes by the
// zero bytes of the ASCII characters that open every accepted format.
func decodeUTF16(data []byte) []byte {
	var high, low int // offsets in a pair of bytes
	switch {
	case len(data) < 4:
		return data
	case data[0] == 0xff && data[1] == 0xfe, data[1] == 0 && data[3] == 0 && data[0] != 0 && data[2] != 0:
		high, low = 1, 0
	case data[0] == 0xfe && data[1] == 0xff, data[0] == 0 && data[2] == 0 && data[1] != 0 && data[3] != 0:
		high, low = 0, 1
	default:
		return data
	}
	out := make([]byte, 0, len(data)/2+len(data)/8)
	for i := 0; i+1 < len(data); i += 2 {
		r := rune(data[i+high])<<8 | rune(data[i+low])
		if utf16.IsSurrogate(r) && i+3 < len(data) {
			if full := utf16.DecodeRune(r, rune(data[i+2+high])<<8|rune(data[i+2+low])); full != utf8.RuneError {
				r, i = full, i+2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// invalidUTF8 returns the offset of the first byte that is no UTF-8, or -1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
