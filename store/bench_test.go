package store_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"loadline/store"
	"loadline/store/storetest"
)

var big = flag.Bool("big", false, "also measure with 1,000,000 stored components")

func BenchmarkSaveComponents(b *testing.B) {
	const n = 30_000
	doc := storetest.Document(n)
	for _, known := range []bool{false, true} {
		b.Run(fmt.Sprintf("%d/known=%v", n, known), func(b *testing.B) {
			var longest time.Duration
			for b.Loop() {
				b.StopTimer()
				s := storetest.Open(b)
				if known {
					storetest.Ingest(b, s, "before", "1", doc)
				}
				bom, _ := storetest.Accept(b, s, "product", "1", doc)
				b.StartTimer()
				last := time.Now()
				err := s.SaveComponents(b.Context(), bom.ID, doc, func(int, int) {
					longest = max(longest, time.Since(last))
					last = time.Now()
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(longest.Milliseconds()), "longest-ms")
		})
	}
}

func BenchmarkComponentsOfBoms(b *testing.B) {
	sizes := []int{10_000}
	if *big {
		sizes = append(sizes, 1_000_000)
	}
	for _, size := range sizes {
		s := storetest.Open(b)
		const each = 10_000
		var boms []int64
		for i := range size / each {
			boms = append(boms, storetest.Ingest(b, s, "product", fmt.Sprint(i), storetest.Document(each)).ID)
		}
		b.Run(fmt.Sprintf("page/stored=%d", size), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.ComponentsOfBoms(b.Context(), boms[:1], store.ComponentFilter{}, store.Page{First: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("boms=%d/stored=%d", len(boms), size), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.ComponentsOfBoms(b.Context(), boms, store.ComponentFilter{}, store.Page{First: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("using/stored=%d", size), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.ComponentsUsingPackages(b.Context(), []int64{1, 2, 3}, store.Page{First: 100}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
