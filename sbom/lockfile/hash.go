package lockfile

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// hashOf returns the hash of an algorithm as lockfiles name it ("sha512",
// "SHA-1") with a hexadecimal value; nothing for what is no hash.
func hashOf(algorithm, value string) []Hash {
	name, size := "", 0
	switch strings.ReplaceAll(strings.ToLower(algorithm), "-", "") {
	case "md5":
		name, size = "MD5", 16
	case "sha1":
		name, size = "SHA-1", 20
	case "sha256":
		name, size = "SHA-256", 32
	case "sha384":
		name, size = "SHA-384", 48
	case "sha512":
		name, size = "SHA-512", 64
	}
	if size == 0 || hex.DecodedLen(len(value)) != size {
		return nil
	}
	if _, err := hex.DecodeString(value); err != nil {
		return nil
	}
	return []Hash{{name, strings.ToLower(value)}}
}

// hashOfBase64 is hashOf for a value in base64.
func hashOfBase64(algorithm, value string) []Hash {
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil
	}
	return hashOf(algorithm, hex.EncodeToString(raw))
}

// integrity returns the hashes of a Subresource Integrity string:
// "sha512-base64 sha1-base64".
func integrity(sri string) []Hash {
	var hashes []Hash
	for _, one := range strings.Fields(sri) {
		algorithm, value, _ := strings.Cut(one, "-")
		value, _, _ = strings.Cut(value, "?")
		hashes = append(hashes, hashOfBase64(algorithm, value)...)
	}
	return hashes
}

// prefixed returns the hash of "sha256:hex".
func prefixed(s string) []Hash {
	algorithm, value, _ := strings.Cut(s, ":")
	return hashOf(algorithm, value)
}
