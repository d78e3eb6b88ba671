package outbound

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"
)

// A body reads an answer up to a limit and within the time of the whole request.
type body struct {
	of        io.ReadCloser
	left, max int64
	cancel    context.CancelFunc
	url       *url.URL
	timeout   time.Duration
}

// Read gives ErrTooLarge when the answer goes on behind the limit.
func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		var one [1]byte
		if n, err := b.of.Read(one[:]); n == 0 {
			return 0, b.told(err)
		}
		return 0, &Error{kind: ErrTooLarge, text: fmt.Sprintf("The answer is larger than %d bytes.", b.max)}
	}
	n, err := b.of.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, b.told(err)
}

// Close frees the connection.
func (b *body) Close() error {
	defer b.cancel()
	return b.of.Close()
}

func (b *body) told(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return explain(err, b.url, b.timeout)
}
