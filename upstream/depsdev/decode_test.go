package depsdev

import "testing"

func FuzzDecodeVersions(f *testing.F) {
	f.Add([]byte(`{"responses":[{"request":{"versionKey":{"system":"NPM","name":"a","version":"1"}},"version":{"versionKey":{"system":"NPM","name":"a","version":"1"},"publishedAt":"2026-01-02T03:04:05Z","licenses":["MIT"],"advisoryKeys":[{"id":"A"}]}}],"nextPageToken":"x"}`))
	f.Add([]byte(`{"responses":[{}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		found := map[VersionKey]VersionResult{}
		if _, err := decodeVersions(data, found); err != nil && len(found) > 0 {
			t.Errorf("%d versions beside error %v", len(found), err)
		}
		for key, r := range found {
			if r.Known && !sameName(key.Name, r.Version.Key.Name) {
				t.Errorf("%+v is answered with %+v", key, r.Version.Key)
			}
		}
	})
}

func FuzzDecodePackage(f *testing.F) {
	f.Add([]byte(`{"packageKey":{"system":"NPM","name":"a"},"versions":[{"versionKey":{"version":"1"},"publishedAt":"2026-01-02T03:04:05Z","isDefault":true}]}`))
	f.Add([]byte(`package not found`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decodePackage(PackageKey{System: "NPM", Name: "a"}, data)
		if err != nil {
			return
		}
		for _, v := range p.Versions {
			if v.Version == "" {
				t.Error("a version without a name")
			}
		}
	})
}
