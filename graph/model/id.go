package model

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Kind is the type that an opaque id is of.
type Kind byte

// The kinds. They are part of every id that was ever handed out: append only.
const (
	KindProject   Kind = 'p'
	KindRelease   Kind = 'r'
	KindBom       Kind = 'b'
	KindComponent Kind = 'c'
	KindPackage   Kind = 'k'
	KindFinding   Kind = 'f'
	KindJob       Kind = 'j'

	KindNotificationChannel Kind = 'n'
)

// EncodeID is the opaque id of the object that parts name among its kind.
func EncodeID(kind Kind, parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(kind) + strings.Join(parts, "\n")))
}

// DecodeID takes an opaque id apart. It is false for what EncodeID cannot have
// made.
func DecodeID(id string) (kind Kind, parts []string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || len(raw) < 2 {
		return 0, nil, false
	}
	switch kind = Kind(raw[0]); kind {
	case KindProject, KindRelease, KindBom, KindComponent, KindPackage, KindFinding, KindJob, KindNotificationChannel:
		return kind, strings.Split(string(raw[1:]), "\n"), true
	default:
		return 0, nil, false
	}
}

// DecodeKey is the database key in an opaque id of the given kind, and false
// for any other id.
func DecodeKey(id string, want Kind) (int64, bool) {
	kind, parts, ok := DecodeID(id)
	if !ok || kind != want || len(parts) != 1 {
		return 0, false
	}
	key, err := strconv.ParseInt(parts[0], 10, 64)
	return key, err == nil && key > 0
}

// EncodeKey is the opaque id of the object with that database key.
func EncodeKey(kind Kind, key int64) string {
	return EncodeID(kind, strconv.FormatInt(key, 10))
}
