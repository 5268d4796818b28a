package depsdev

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

type versionRequest struct {
	VersionKey VersionKey `json:"versionKey"`
}

func encodeVersions(keys []VersionKey, token string) ([]byte, error) {
	body := struct {
		Requests  []versionRequest `json:"requests"`
		PageToken string           `json:"pageToken,omitempty"`
	}{make([]versionRequest, len(keys)), token}
	for i, key := range keys {
		body.Requests[i].VersionKey = key
	}
	return json.Marshal(body)
}

// version is a version as it is written; which fields are there depends on the
// call.
type version struct {
	VersionKey   VersionKey `json:"versionKey"`
	PublishedAt  string     `json:"publishedAt"`
	IsDefault    bool       `json:"isDefault"`
	IsDeprecated bool       `json:"isDeprecated"`
	Licenses     []string   `json:"licenses"`
	AdvisoryKeys []struct {
		ID string `json:"id"`
	} `json:"advisoryKeys"`
}

// decodeVersions puts a page of a batch into found, by the key that was asked
// for, and returns the token of the next page, which may be empty. A version
// that is not the one asked for is an error in its result.
func decodeVersions(data []byte, found map[VersionKey]VersionResult) (next string, err error) {
	var page struct {
		Responses []struct {
			Request versionRequest `json:"request"`
			Version *version       `json:"version"`
		} `json:"responses"`
		NextPageToken string `json:"nextPageToken"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return "", err
	}
	for _, r := range page.Responses {
		if r.Version == nil {
			found[r.Request.VersionKey] = VersionResult{}
			continue
		}
		if !sameName(r.Request.VersionKey.Name, r.Version.VersionKey.Name) {
			found[r.Request.VersionKey] = VersionResult{Err: fmt.Errorf("the version is of %.100q", r.Version.VersionKey.Name)}
			continue
		}
		v := Version{
			Key:          r.Version.VersionKey,
			PublishedAt:  instant(r.Version.PublishedAt),
			IsDefault:    r.Version.IsDefault,
			IsDeprecated: r.Version.IsDeprecated,
			Licenses:     r.Version.Licenses,
		}
		for _, key := range r.Version.AdvisoryKeys {
			v.AdvisoryKeys = append(v.AdvisoryKeys, key.ID)
		}
		found[r.Request.VersionKey] = VersionResult{Version: v, Known: true}
	}
	return page.NextPageToken, nil
}

// decodePackage reads a package and checks that it is the one asked for.
func decodePackage(key PackageKey, data []byte) (Package, error) {
	var doc struct {
		PackageKey struct {
			System string `json:"system"`
			Name   string `json:"name"`
		} `json:"packageKey"`
		Versions []version `json:"versions"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return Package{}, err
	}
	if !strings.EqualFold(doc.PackageKey.System, key.System) || !sameName(doc.PackageKey.Name, key.Name) {
		return Package{}, fmt.Errorf("the package is %.20q %.100q", doc.PackageKey.System, doc.PackageKey.Name)
	}
	p := Package{
		Key:      PackageKey{System: doc.PackageKey.System, Name: doc.PackageKey.Name},
		Versions: make([]PackageVersion, 0, len(doc.Versions)),
	}
	for _, v := range doc.Versions {
		if v.VersionKey.Version == "" {
			return Package{}, errors.New("a version without a versionKey")
		}
		p.Versions = append(p.Versions, PackageVersion{
			Version:      v.VersionKey.Version,
			PublishedAt:  instant(v.PublishedAt),
			IsDefault:    v.IsDefault,
			IsDeprecated: v.IsDeprecated,
		})
	}
	return p, nil
}

// sameName says whether two names may be of one package: deps.dev answers with
// the canonical spelling, which differs in case for NuGet, and in "-", "_" and
// "." for PyPI.
func sameName(a, b string) bool {
	fold := strings.NewReplacer("_", "-", ".", "-")
	return strings.EqualFold(fold.Replace(a), fold.Replace(b))
}

// instant reads a time, and takes one that is missing or none for not known.
func instant(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
