package alert

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"
)

// bounds are the upper ends of the buckets of a Histogram in milliseconds, inclusive; the thresholds of Meta and our own
// are among them. The last bucket, beyond 10 s, has no end.
var bounds = [...]float64{
	1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 350, 400, 500, 600, 700, 800,
	1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 7000, 8000, 10000,
}

// Buckets is how many a Histogram has.
const Buckets = len(bounds) + 1

// BucketOf is the bucket of a duration.
func BucketOf(d time.Duration) int {
	i, _ := slices.BinarySearch(bounds[:], float64(d)/float64(time.Millisecond))
	return i
}

// A Histogram counts durations in fixed buckets, so that those of several minutes and servers add up.
type Histogram [Buckets]int64

// Add adds another one.
func (h *Histogram) Add(other Histogram) {
	for i, n := range other {
		h[i] += n
	}
}

// Count is how many durations there are.
func (h *Histogram) Count() (n int64) {
	for _, one := range h {
		n += one
	}
	return n
}

// Quantile is the duration in milliseconds within which a share (0 to 1) lies, as exact as its bucket; beyond 10 s it is
// 10 s. ok is false when nothing was counted.
func (h *Histogram) Quantile(share float64) (ms float64, ok bool) {
	all := h.Count()
	rank, before := share*float64(all), 0.0
	for i, n := range h {
		if n == 0 || before+float64(n) < rank {
			before += float64(n)
			continue
		}
		if i == len(bounds) {
			return bounds[i-1], true
		}
		low := 0.0
		if i > 0 {
			low = bounds[i-1]
		}
		return low + (bounds[i]-low)*max(0, rank-before)/float64(n), true
	}
	return 0, false
}

// over counts durations beyond a figure in milliseconds; the bucket that holds it counts whole.
func (h *Histogram) over(ms float64) (n int64) {
	for i, one := range h {
		if i == len(bounds) || bounds[i] > ms {
			n += one
		}
	}
	return n
}

// histogramForm is the first byte of what Bytes writes: these bounds.
const histogramForm = 1

// Bytes is the histogram as it is stored: only the buckets that hold something.
func (h *Histogram) Bytes() []byte {
	b := []byte{histogramForm}
	for i, n := range h {
		if n > 0 {
			b = binary.AppendUvarint(append(b, byte(i)), uint64(n))
		}
	}
	return b
}

var errHistogram = errors.New("alert: this is no histogram")

// ParseHistogram reads what Bytes wrote.
func ParseHistogram(b []byte) (h Histogram, err error) {
	if len(b) == 0 || b[0] != histogramForm {
		return h, errHistogram
	}
	for b = b[1:]; len(b) > 0; {
		i := int(b[0])
		n, size := binary.Uvarint(b[1:])
		if i >= len(h) || size <= 0 || n > 1<<62 {
			return Histogram{}, errHistogram
		}
		h[i] += int64(n)
		b = b[1+size:]
	}
	return h, nil
}
