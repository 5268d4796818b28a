package demo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	t.Parallel()
	const answer = `{"data":{"project":{"release":{"components":{"totalCount":3,"nodes":[
		{"name":"shelf","version":"1.0","findings":[
			{"fixedIn":null,"vulnerability":{"id":"CVE-2","severity":{"rating":"LOW"},"epss":{"probability":0.5},"kev":null}},
			{"fixedIn":"2.0","vulnerability":{"id":"CVE-3","severity":null,"epss":null,"kev":null}},
			{"fixedIn":"1.1","vulnerability":{"id":"CVE-1","severity":{"rating":"CRITICAL"},"epss":{"probability":0.01234},"kev":null}}]},
		{"name":"quiet","version":null,"findings":[]},
		{"name":"unknown","version":"3","findings":null},
		{"name":"log","version":"2","findings":[
			{"fixedIn":"3","vulnerability":{"id":"CVE-4","severity":{"rating":"MEDIUM"},"epss":{"probability":1},"kev":{"ransomware":false}}},
			{"fixedIn":"3","vulnerability":{"id":"CVE-5","severity":{"rating":"LOW"},"epss":{"probability":0.9},"kev":{"ransomware":true}}}]}
		]}}}},"extensions":{"cost":{"sqlStatements":12,"upstreamCalls":4}}}`
	const want = `SEVERITY  VULNERABILITY  COMPONENT  VERSION  FIXED IN  EPSS    EXPLOITED
LOW       CVE-5          log        2        3         90.0%   yes, by ransomware
MEDIUM    CVE-4          log        2        3         100.0%  yes
CRITICAL  CVE-1          shelf      1.0      1.1       1.2%    -
LOW       CVE-2          shelf      1.0      -         50.0%   -
-         CVE-3          shelf      1.0      2.0       -       -

3 components, 5 findings: 1 critical, 1 medium, 2 low, 1 without a rating; 2 known to be exploited. Answered in 78 ms, by 12 SQL statements and 4 calls to upstreams.
`
	var r report
	if err := json.Unmarshal([]byte(answer), &r); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := r.write(&out, 78*time.Millisecond+time.Microsecond); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReportSaysWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	findings := make([]string, shownFindings+2)
	for i := range findings {
		findings[i] = fmt.Sprintf(`{"vulnerability":{"id":"CVE-%d"}}`, i)
	}
	var r report
	answer := `{"data":{"project":{"release":{"components":{"totalCount":1,"nodes":[{"name":"a","findings":[` + strings.Join(findings, ",") + `]}]}}}}}`
	if err := json.Unmarshal([]byte(answer), &r); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := r.write(&out, 0); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\nand 2 more\n") || !strings.Contains(out.String(), "12 findings") {
		t.Errorf("got\n%s", out.String())
	}
}
