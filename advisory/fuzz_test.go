package advisory_test

import (
	"slices"
	"testing"

	"loadline/advisory"
)

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"X","aliases":["CVE-2024-1"],"upstream":["CVE-2024-01"],"withdrawn":"2024-01-01T00:00:00Z"}`,
		`{"id":"X","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]}`,
		`{"id":"X","severity":[{"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:P"}]}`,
		`{"id":"X","severity":[{"type":"CVSS_V2","score":"(AV:N/AC:L/Au:N/C:C/I:C/A:C)"}],"database_specific":{"cvss_v3":"6.1"}}`,
		`{"id":"X","affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1"}]}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := advisory.Decode(data)
		if err != nil {
			return
		}
		if a.ID == "" {
			t.Fatal("a record without id was read")
		}
		rating, found := advisory.Rate([]advisory.Advisory{a})
		if found == (rating.Rating == "") || rating.Score < 0 || rating.Score > 10 {
			t.Errorf("rating %+v, found %v", rating, found)
		}
		groups := advisory.Groups([]advisory.Advisory{a})
		if len(groups) != 1 {
			t.Fatalf("one record makes %d groups", len(groups))
		}
		ids := append([]string{groups[0].ID}, groups[0].Aliases...)
		if !slices.Contains(ids, a.ID) || advisory.PreferredID(ids) != groups[0].ID {
			t.Errorf("group of %q is %q", a.ID, ids)
		}
	})
}
