package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"loadline/sbom"
	"loadline/store"
	"loadline/store/storetest"
)

func TestAcceptBom(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		content := bytes.Repeat([]byte("components "), 10_000)
		sum := sha256.Sum256(content)
		n := store.NewBom{
			Project: "product", Release: "1", Content: content, FileName: "bom.json", IngestedBy: "me",
			Document: &sbom.Document{Format: "SPDX", SpecVersion: "2.3", Encoding: "YAML", Tool: "tool 1", DocumentedAt: time.UnixMilli(1_700_000_000_123)},
		}
		var boms [2]store.Bom
		var jobs [2]store.Job
		for i := range boms {
			write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				boms[i], jobs[i], err = tx.AcceptBom(ctx, n)
				return err
			})
		}
		b := boms[0]
		want := store.Bom{
			ID: b.ID, ReleaseID: b.ReleaseID, JobID: jobs[0].ID, State: store.BomPending,
			Format: "SPDX", SpecVersion: "2.3", Encoding: "YAML", Tool: "tool 1",
			Digest: hex.EncodeToString(sum[:]), FileName: "bom.json", IngestedBy: "me", Size: int64(len(content)),
			DocumentedAt: time.UnixMilli(1_700_000_000_123).UTC(), IngestedAt: b.IngestedAt,
		}
		if diff := cmp.Diff(want, b); diff != "" {
			t.Errorf("accepted (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]store.Bom{b}, must(s.BomsByIDs(ctx, []int64{b.ID}))(t)); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		if j := jobs[0]; j.Kind != store.KindIngestBom || j.State != store.JobQueued || j.BomID != b.ID || j.MaxAttempts == 0 {
			t.Errorf("job is %+v", j)
		}
		if boms[1].ReleaseID != b.ReleaseID || boms[1].ID <= b.ID {
			t.Errorf("second bom is %+v", boms[1])
		}
		if n := must(s.CountRows(ctx, "document"))(t); n != 1 {
			t.Errorf("the document is kept %d times", n)
		}
		if got := must(s.BomDocument(ctx, boms[1].ID))(t); !bytes.Equal(got, content) {
			t.Errorf("the document has %d bytes, want %d", len(got), len(content))
		}
		if _, err := s.BomDocument(ctx, 99); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no document: got %v", err)
		}
		r := must(s.ReleasesByIDs(ctx, []int64{b.ReleaseID}))(t)[0]
		if r.Version != "1" || r.BomID != 0 {
			t.Errorf("release is %+v", r)
		}
	})
}

func TestAcceptBomIsUndoneWithItsTransaction(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		stop := errors.New("stop")
		refused(t, s, stop, func(ctx context.Context, tx *store.Tx) error {
			if _, _, err := tx.AcceptBom(ctx, store.NewBom{Project: "p", Release: "r", Document: &sbom.Document{}}); err != nil {
				return err
			}
			return stop
		})
		for _, table := range []string{"project", "release", "bom", "job", "document"} {
			if n := must(s.CountRows(t.Context(), table))(t); n != 0 {
				t.Errorf("%s has %d rows", table, n)
			}
		}
	})
}

func TestTheLastBomIsCurrent(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		doc := storetest.Document(5)
		first, _ := storetest.Accept(t, s, "p", "1", doc)
		second, _ := storetest.Accept(t, s, "p", "1", doc)
		third, _ := storetest.Accept(t, s, "p", "1", doc)
		current := func() int64 { return must(s.ReleasesByIDs(ctx, []int64{first.ReleaseID}))(t)[0].BomID }
		publish := func(id int64) {
			write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.PublishBom(ctx, id) })
		}
		publish(second.ID)
		if got := current(); got != second.ID {
			t.Errorf("current is %d, want %d", got, second.ID)
		}
		publish(first.ID)
		if got := current(); got != second.ID {
			t.Errorf("an earlier bom that ends later became current: %d, want %d", got, second.ID)
		}
		write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.FailBom(ctx, third.ID) })
		if got := current(); got != second.ID {
			t.Errorf("a failed bom became current: %d, want %d", got, second.ID)
		}
		list := must(s.BomsOfReleases(ctx, []int64{first.ReleaseID}, store.Page{First: 10}))(t)[first.ReleaseID]
		var got []string
		for _, b := range list.Rows {
			got = append(got, b.State)
		}
		if diff := cmp.Diff([]string{store.BomFailed, store.BomReady, store.BomReady}, got); diff != "" {
			t.Errorf("the newest first (-want +got):\n%s", diff)
		}
		if n := must(s.CountBoms(ctx, []int64{first.ReleaseID}))(t)[first.ReleaseID]; n != 3 {
			t.Errorf("counted %d", n)
		}
		refused(t, s, store.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return tx.PublishBom(ctx, 99) })
		refused(t, s, store.ErrNotFound, func(ctx context.Context, tx *store.Tx) error { return tx.FailBom(ctx, 99) })
	})
}
