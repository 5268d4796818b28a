package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"loadline/purl"
	"loadline/store"
)

// maxEndOfLife bounds the file of endoflife.date, which is read as a whole.
const maxEndOfLife = 64 << 20

// endsOfLife syncs endoflife.date. The error is of the store or of ctx.
func (r *syncing) endsOfLife(ctx context.Context) (FileResult, error) {
	res := FileResult{Name: store.FileEndOfLife}
	held, err := r.heldFile(ctx, store.FileEndOfLife)
	if err != nil {
		return res, err
	}
	f, err := r.mirror.openFirst(ctx, []string{"endoflife.json"}, held.validators(r.mirror))
	if err != nil {
		return r.unread(ctx, res, held, err)
	}
	defer f.Close()
	if f.size > maxEndOfLife {
		res.Err = fmt.Errorf("is larger than %d bytes", maxEndOfLife)
		return res, nil
	}
	data, err := io.ReadAll(f)
	if err != nil {
		res.Err = err
		return res, nil
	}
	products, skipped, err := productsOf(data)
	if err != nil {
		res.Err = err
		return res, nil
	}
	res.Records, res.Skipped = len(products), skipped
	next := held.with(r.mirror, f, res)
	next.Generation, next.Edition = held.Generation+1, f.LastModified
	return res, r.store.ReplaceEndOfLife(ctx, r.epoch, products, next)
}

// product is a product as the API writes it in its list, or as the project's
// repository does, by name.
type product struct {
	Name        string
	Title       string
	Label       string
	Category    string
	Identifiers []identifier
	Releases    json.RawMessage
}

type identifier struct {
	PURL string
	Type string
	ID   string
}

// productsOf reads endoflife.date's data: the API's whole list, or an object of
// products by name. Products that cannot be read are counted.
func productsOf(data []byte) (products []store.EndOfLife, skipped int, err error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, 0, err
	}
	byName := object
	if list, ok := object["result"]; ok {
		var raw []json.RawMessage
		if err := json.Unmarshal(list, &raw); err != nil {
			return nil, 0, err
		}
		byName = make(map[string]json.RawMessage, len(raw))
		for i, r := range raw {
			byName[fmt.Sprintf("%06d", i)] = r
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		p := product{Name: name}
		if err := json.Unmarshal(byName[name], &p); err != nil || p.Name == "" || len(p.Releases) == 0 || p.Releases[0] != '[' {
			skipped++
			continue
		}
		if p.Title == "" {
			p.Title = p.Label
		}
		products = append(products, store.EndOfLife{
			Product:  p.Name,
			Title:    p.Title,
			Category: p.Category,
			Releases: store.JSON(p.Releases),
			PURLs:    packagesOf(p.Identifiers),
		})
	}
	if len(products) == 0 {
		return nil, skipped, errors.New("it has no product that can be read")
	}
	return products, skipped, nil
}

func packagesOf(identifiers []identifier) []string {
	var purls []string
	for _, i := range identifiers {
		text := i.PURL
		if text == "" && strings.EqualFold(i.Type, "purl") {
			text = i.ID
		}
		if p, err := purl.Parse(text); err == nil {
			purls = append(purls, p.Package().String())
		}
	}
	return purls
}
