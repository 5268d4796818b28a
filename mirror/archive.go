package mirror

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/flate" // reads in two thirds of the time
)

const (
	archiveName = "all.zip"
	// maxRecord bounds one record, after decompression. The largest of OSV have
	// a few megabytes.
	maxRecord = 64 << 20
	// maxHeld is the largest archive that is held in memory while its records are
	// read: reading each from the file takes two system calls.
	maxHeld = 16 << 20
)

// archive is the records of an ecosystem.
type archive struct {
	*file
	records []*zip.File
}

// openArchive returns an ecosystem's archive, unless it is the known one.
func (m *Mirror) openArchive(ctx context.Context, ecosystem string, known validators) (*archive, error) {
	f, err := m.files.open(ctx, ecosystem+"/"+archiveName, known)
	if err != nil {
		return nil, err
	}
	var content io.ReaderAt = f
	if f.size <= maxHeld {
		whole := make([]byte, f.size)
		_, err := io.ReadFull(io.NewSectionReader(f, 0, f.size), whole)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s/%s: %w", ecosystem, archiveName, err), f.Close())
		}
		content = bytes.NewReader(whole)
	}
	z, err := zip.NewReader(content, f.size)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s/%s is broken: %w", ecosystem, archiveName, err), f.Close())
	}
	a := &archive{file: f}
	for _, r := range z.File {
		if strings.HasSuffix(r.Name, ".json") {
			a.records = append(a.records, r)
		}
	}
	return a, nil
}

// idOf is the id that a file is named after.
func idOf(f *zip.File) string { return strings.TrimSuffix(path.Base(f.Name), ".json") }

// digest is the SHA-256 of the archive.
func (a *archive) digest() (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(a.file, 0, a.size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// unpacker reads the files of archives. What it returns is good until it reads
// the next.
type unpacker struct {
	packed, plain bytes.Buffer
	inflate       io.Reader
}

func newUnpacker() *unpacker { return &unpacker{inflate: flate.NewReader(nil)} }

// read returns a file as it is and as it lies in the archive, deflated.
func (u *unpacker) read(f *zip.File) (plain, deflated []byte, err error) {
	if f.UncompressedSize64 > maxRecord {
		return nil, nil, fmt.Errorf("is larger than %d bytes", maxRecord)
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, nil, err
	}
	u.packed.Reset()
	if _, err := u.packed.ReadFrom(io.LimitReader(raw, maxRecord)); err != nil {
		return nil, nil, err
	}
	switch f.Method {
	case zip.Deflate:
		if err := u.inflate.(flate.Resetter).Reset(bytes.NewReader(u.packed.Bytes()), nil); err != nil {
			return nil, nil, err
		}
		u.plain.Reset()
		if _, err := u.plain.ReadFrom(io.LimitReader(u.inflate, int64(f.UncompressedSize64)+1)); err != nil {
			return nil, nil, err
		}
		plain, deflated = u.plain.Bytes(), u.packed.Bytes()
	case zip.Store:
		plain = u.packed.Bytes()
		if deflated, err = deflate(plain); err != nil {
			return nil, nil, err
		}
	default:
		return nil, nil, fmt.Errorf("is compressed by method %d, which is not known", f.Method)
	}
	if uint64(len(plain)) != f.UncompressedSize64 || crc32.ChecksumIEEE(plain) != f.CRC32 {
		return nil, nil, errors.New("does not have the checksum that the archive says")
	}
	return plain, deflated, nil
}

func deflate(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
