package store

import (
	"context"
	"fmt"
)

// Use is a component, as far as what affects it goes by it.
type Use struct {
	BomID            int64
	Seq              int
	PackageVersionID int64 // 0 without a version or a valid purl
	Direct           *bool
}

func (u *Use) columns() []any {
	return []any{&u.BomID, &u.Seq, (*optionalID)(&u.PackageVersionID), &u.Direct}
}

const useColumns = `
	component.bom_id,
	component.seq,
	component.package_version_id,
	component.direct`

// UsesInBoms returns every component of the Boms that are READY, by Bom id and
// place.
func (r reads) UsesInBoms(ctx context.Context, bomIDs []int64) ([]Use, error) {
	uses, err := selectRows[Use](ctx, r.conn, `
		SELECT `+useColumns+`
		FROM {{numbers k}}
		JOIN bom ON bom.id = k.value AND bom.state = 'READY'
		JOIN component ON component.bom_id = bom.id
		ORDER BY component.bom_id, component.seq`, bomIDs)
	if err != nil {
		return nil, fmt.Errorf("store: components of %d boms: %w", len(bomIDs), err)
	}
	return uses, nil
}

// UsesOfVersions returns every component of current Boms that is one of the
// package versions, by Bom id and place.
func (r reads) UsesOfVersions(ctx context.Context, versionIDs []int64) ([]Use, error) {
	uses, err := selectRows[Use](ctx, r.conn, `
		SELECT `+useColumns+`
		FROM {{numbers k}}
		JOIN component ON component.package_version_id = k.value
		JOIN release ON release.bom_id = component.bom_id
		ORDER BY component.bom_id, component.seq`, distinct(versionIDs))
	if err != nil {
		return nil, fmt.Errorf("store: components of %d package versions: %w", len(versionIDs), err)
	}
	return uses, nil
}
