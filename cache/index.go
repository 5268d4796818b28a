package cache

// index finds the keys of the values that were made of a tag. Those of values
// that are gone stay until their tag is taken or they are too many.
type index[K, T comparable] struct {
	keys map[T][]K
	// added counts the keys that were added, gone those of them whose value has been
	// removed since.
	added, gone int
}

// idle is how many keys of values that are gone are never worth looking for.
const idle = 1024

func (x *index[K, T]) add(key K, tags []T) {
	x.added += len(tags)
	for _, tag := range tags {
		x.keys[tag] = append(x.keys[tag], key)
	}
}

// take removes and returns the keys of a tag.
func (x *index[K, T]) take(tag T) []K {
	keys := x.keys[tag]
	delete(x.keys, tag)
	return keys
}

// crowded reports whether most of the index is of values that are gone.
func (x *index[K, T]) crowded() bool { return x.gone > idle && x.gone > x.added/2 }
