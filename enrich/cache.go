package enrich

import (
	"hash/maphash"

	"loadline/advisory"
	"loadline/cache"
)

// decodedBytes is about how much memory decoded records may take.
const decodedBytes = 16 << 20

// decodedFactor is about how much memory a decoded record takes for each byte of
// its document.
const decodedFactor = 2

// decoded keeps records that have been decoded, by their document: what is
// stored anew under the same id is another record. What it returns is shared and
// must not be changed.
type decoded struct {
	records *cache.Table[documentKey, struct{}, advisory.Advisory]
}

func newDecoded() decoded {
	return decoded{cache.New[documentKey, struct{}, advisory.Advisory](decodedBytes)}
}

// documentKey tells documents apart by two hashes and the length.
type documentKey struct {
	first, second uint64
	length        int
}

var firstSeed, secondSeed = maphash.MakeSeed(), maphash.MakeSeed()

func keyOf(document []byte) documentKey {
	return documentKey{maphash.Bytes(firstSeed, document), maphash.Bytes(secondSeed, document), len(document)}
}

// decode returns the record in the document.
func (d decoded) decode(document []byte) (advisory.Advisory, error) {
	key := keyOf(document)
	if a, ok := d.records.Get(key); ok {
		return a, nil
	}
	a, err := advisory.Decode(document)
	if err != nil {
		return advisory.Advisory{}, err
	}
	d.keep(key, a)
	return a, nil
}

// put keeps the record that the document was decoded into.
func (d decoded) put(document []byte, a advisory.Advisory) { d.keep(keyOf(document), a) }

func (d decoded) keep(key documentKey, a advisory.Advisory) {
	d.records.Put(key, a, key.length*decodedFactor, d.records.Now())
}
