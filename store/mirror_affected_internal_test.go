package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"loadline/advisory"
)

func TestAffectedIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]advisory.Affected{
		"nothing": {},
		"all kinds of event": {{
			Package: advisory.Package{Ecosystem: "Debian:11", Name: "x"},
			Ranges: []advisory.Range{{Type: "ECOSYSTEM", Events: []advisory.Event{
				{Introduced: "0"}, {Fixed: "1"}, {LastAffected: "2"}, {Limit: "*"},
			}}, {Type: "SEMVER", Events: []advisory.Event{}}},
			Versions: []string{"1.0", ""},
		}, {Package: advisory.Package{Ecosystem: "npm", Name: "é"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeAffected(encodeAffected(want))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzDecodeAffected(f *testing.F) {
	f.Add(encodeAffected([]advisory.Affected{{Versions: []string{"1"}, Ranges: []advisory.Range{{Events: []advisory.Event{{Fixed: "2"}}}}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := decodeAffected(data)
		if err != nil {
			return
		}
		if again, err := decodeAffected(encodeAffected(list)); err != nil || !cmp.Equal(list, again) {
			t.Errorf("%v, %v; %v", list, again, err)
		}
	})
}
