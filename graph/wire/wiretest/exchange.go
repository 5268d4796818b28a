package wiretest

import (
	"io"
	"net/http"
	"testing"
)

// Exchange sends a request and returns its answer, whose body has been read and
// closed, and the body.
func Exchange(t testing.TB, req *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req) //nolint:forbidigo // to a server of the test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}
