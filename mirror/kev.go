package mirror

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"loadline/store"
	"loadline/upstream"
	"loadline/upstream/kev"
)

// catalogue syncs CISA's catalogue. The error is of the store or of ctx.
func (r *syncing) catalogue(ctx context.Context) (FileResult, error) {
	res := FileResult{Name: store.FileKEV}
	held, err := r.heldFile(ctx, store.FileKEV)
	if err != nil {
		return res, err
	}
	f, err := r.mirror.openFirst(ctx, []string{"kev.json"}, held.validators(r.mirror))
	if err != nil {
		if res, err = r.unread(ctx, res, held, err); err == nil && res.Unchanged {
			err = r.touchCatalogue(ctx)
		}
		return res, err
	}
	defer f.Close()
	catalogue, err := r.readCatalogue(ctx, f)
	if err != nil {
		res.Err = err
		return res, ctx.Err()
	}
	res.Records, res.Skipped = len(catalogue.Entries), len(catalogue.Skipped)
	next := held.with(r.mirror, f, res)
	next.Generation, next.Edition = held.Generation+1, catalogue.Version
	state, err := r.store.KevState(ctx)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return res, err
	case err == nil && catalogue.Released.Before(state.Released):
		res.Unchanged = true // CISA itself has told of a newer one
	default:
		asOf := f.asOf
		if !catalogue.Released.IsZero() {
			asOf = earlier(asOf, catalogue.Released.Add(catalogueHolds))
		}
		if state.Released.Equal(catalogue.Released) && state.FetchedAt.After(asOf) {
			asOf = state.FetchedAt
		}
		err := r.store.ReplaceKev(ctx, entriesOf(catalogue), store.CatalogueState{
			Version:   catalogue.Version,
			Released:  catalogue.Released,
			FetchedAt: asOf,
		})
		if err != nil {
			return res, err
		}
	}
	return res, r.store.SaveMirrorFile(ctx, r.epoch, next)
}

// readCatalogue reads the catalogue, or of it only the entries that are wanted.
func (r *syncing) readCatalogue(ctx context.Context, f *file) (kev.Catalogue, error) {
	if f.size > maxRecord {
		return kev.Catalogue{}, fmt.Errorf("is larger than %d bytes", maxRecord)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		return kev.Catalogue{}, err
	}
	if r.cves != nil {
		if short, ok := excerpt(content, r.cves); ok {
			content = short
		}
	}
	client := kev.New("http://mirror/kev.json", upstream.NewClient(upstream.KEV, upstream.Options{Transport: document(content)}))
	catalogue, _, _, err := client.Catalogue(ctx, kev.Validators{})
	return catalogue, err
}

// document is the answer to every request, so that the one reader of catalogues
// reads this one too.
type document []byte

// RoundTrip answers with the document.
func (d document) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		Status:        "200 OK",
		StatusCode:    http.StatusOK,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(d)),
		ContentLength: int64(len(d)),
		Request:       req,
	}, nil
}

// excerpt is a catalogue with the wanted entries alone: to read all of it takes
// longer than to match a document. It is not ok where the catalogue is not
// written as usual, and has to be read as a whole.
func excerpt(catalogue []byte, wanted map[string]bool) (short []byte, ok bool) {
	head, ok := headOf(catalogue)
	if !ok {
		return nil, false
	}
	var list []byte
	eachValue(catalogue, `"vulnerabilities"`, func(value []byte) bool {
		list = value[1:]
		return false
	})
	var kept struct {
		Version  string            `json:"catalogVersion"`
		Released time.Time         `json:"dateReleased"`
		Count    int               `json:"count"`
		Entries  []json.RawMessage `json:"vulnerabilities"`
	}
	kept.Entries = []json.RawMessage{}
	for {
		list = bytes.TrimLeft(list, " \t\r\n,")
		if len(list) == 0 {
			return nil, false
		}
		if list[0] == ']' {
			break
		}
		entry, rest := objectAt(list)
		if entry == nil {
			return nil, false
		}
		list = rest
		if wantsEntry(entry, wanted) {
			kept.Entries = append(kept.Entries, entry)
		}
	}
	kept.Version, kept.Released, kept.Count = head.Version, head.Released, len(kept.Entries)
	content, err := json.Marshal(kept)
	return content, err == nil
}

// wantsEntry says whether an entry is about a wanted id.
func wantsEntry(entry []byte, wanted map[string]bool) bool {
	found := false
	eachValue(entry, `"cveID"`, func(value []byte) bool {
		id, rest := stringAt(value)
		found = rest == nil || wanted[strings.ToUpper(strings.TrimSpace(string(id)))]
		return !found
	})
	return found
}

// headOf reads which edition a catalogue is.
func headOf(catalogue []byte) (kev.Catalogue, bool) {
	var c kev.Catalogue
	entries := false
	eachValue(catalogue, `"vulnerabilities"`, func(value []byte) bool {
		entries = len(value) > 0 && value[0] == '['
		return false
	})
	eachValue(catalogue, `"catalogVersion"`, func(value []byte) bool {
		version, _ := stringAt(value)
		c.Version = string(version)
		return false
	})
	eachValue(catalogue, `"dateReleased"`, func(value []byte) bool {
		released, _ := stringAt(value)
		c.Released, _ = time.Parse(time.RFC3339, string(released))
		return false
	})
	return c, entries && !c.Released.IsZero()
}

// catalogueHolds is how long CISA hardly ever goes without a new edition: one
// that is older is of its day, whenever it was copied.
const catalogueHolds = 7 * 24 * time.Hour

// touchCatalogue notes that the mirror still has the catalogue that is held.
func (r *syncing) touchCatalogue(ctx context.Context) error {
	asOf, ok := r.mirror.files.stillAsOf()
	if !ok {
		return nil
	}
	state, err := r.store.KevState(ctx)
	if err != nil {
		return err
	}
	if !state.Released.IsZero() {
		asOf = earlier(asOf, state.Released.Add(catalogueHolds))
	}
	return r.store.TouchKev(ctx, asOf)
}

func entriesOf(c kev.Catalogue) []store.KevEntry {
	entries := make([]store.KevEntry, len(c.Entries))
	for i, e := range c.Entries {
		entries[i] = store.KevEntry{
			CVE:            e.CVE,
			Vendor:         e.Vendor,
			Product:        e.Product,
			Name:           e.Name,
			Description:    e.Description,
			Notes:          e.Notes,
			RequiredAction: e.RequiredAction,
			DateAdded:      e.DateAdded.Format(time.DateOnly),
			DueDate:        e.DueDate.Format(time.DateOnly),
			Ransomware:     e.Ransomware,
		}
	}
	return entries
}
