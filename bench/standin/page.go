package standin

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
)

// Pages are the page sizes of the paged endpoints.
type Pages struct {
	Query   int `json:"query"`   // records of /v1/query; 3,000
	Batch   int `json:"batch"`   // ids of one query of /v1/querybatch; 1,000
	DepsDev int `json:"depsdev"` // responses of a deps.dev batch; 1,000 (not documented)
	// Bytes is the soft budget of an OSV answer: what passes it is the last
	// record of the answer; 10,000,000.
	Bytes int `json:"bytes"`
	// TokenFirst makes the first page of every OSV query hold nothing but a
	// token, as the service answers when its time is up before it has begun.
	TokenFirst bool `json:"tokenFirst"`
}

func (p Pages) withDefaults() Pages {
	for _, field := range []struct {
		size  *int
		usual int
	}{{&p.Query, 3000}, {&p.Batch, 1000}, {&p.DepsDev, 1000}, {&p.Bytes, 10_000_000}} {
		if *field.size <= 0 {
			*field.size = field.usual
		}
	}
	return p
}

// startToken is what OSV sends when it has not begun; it is valid input.
const startToken = "RklSU1RfUEFHRV9UT0tFTg=="

// token names the place offset in the answer to what hash identifies. The real
// tokens do not say what they belong to; these do, so that a client which
// changes its question between two pages is found out.
func token(hash uint64, offset int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%016x.%d", hash, offset))
}

// offset reads what token wrote for the same hash.
func offset(hash uint64, text string) (int, bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	var (
		owner uint64
		n     int
	)
	if _, err := fmt.Sscanf(string(raw), "%016x.%d", &owner, &n); err != nil {
		return 0, false
	}
	return n, owner == hash && n >= 0
}

// hashOf identifies parts, and is the same in every process.
func hashOf(parts ...string) uint64 {
	h := fnv.New64a()
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return h.Sum64()
}
