package enrich

import (
	"hash/maphash"
	"sync"

	"loadline/advisory"
)

// decodedBytes is about how much memory decoded records may take.
const decodedBytes = 16 << 20

// decodedFactor is about how much memory a decoded record takes for each byte of
// its document.
const decodedFactor = 2

// decoded keeps records that have been decoded, by their document: what is
// stored anew under the same id is another record. What it returns is shared and
// must not be changed. The zero value is empty and ready for use.
type decoded struct {
	mu sync.Mutex
	// Records are put into young; when that is half of what may be kept, it
	// becomes old, and what was old and has not been used since is forgotten.
	young, old map[documentKey]advisory.Advisory
	bytes      int
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
func (d *decoded) decode(document []byte) (advisory.Advisory, error) {
	key := keyOf(document)
	if a, ok := d.get(key); ok {
		return a, nil
	}
	a, err := advisory.Decode(document)
	if err != nil {
		return advisory.Advisory{}, err
	}
	d.put(key, a)
	return a, nil
}

func (d *decoded) get(key documentKey) (advisory.Advisory, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a, ok := d.young[key]; ok {
		return a, true
	}
	a, ok := d.old[key]
	if ok {
		delete(d.old, key)
		d.add(key, a)
	}
	return a, ok
}

func (d *decoded) put(key documentKey, a advisory.Advisory) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.add(key, a)
}

func (d *decoded) add(key documentKey, a advisory.Advisory) {
	if _, ok := d.young[key]; ok {
		return
	}
	size := key.length * decodedFactor
	if size > decodedBytes/2 {
		return
	}
	if d.bytes+size > decodedBytes/2 {
		d.old, d.young, d.bytes = d.young, nil, 0
	}
	if d.young == nil {
		d.young = make(map[documentKey]advisory.Advisory)
	}
	d.young[key] = a
	d.bytes += size
}
