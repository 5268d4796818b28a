package main

import "testing"

func TestWorkload(t *testing.T) {
	t.Parallel()
	data, document, err := questionData(100)
	if err != nil {
		t.Fatal(err)
	}
	if data.Records() < 100 || len(document) == 0 {
		t.Errorf("%d records and a document of %d bytes", data.Records(), len(document))
	}
}
