package files

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// A Bucket is a store that speaks S3, for several servers on one database.
type Bucket struct {
	client         *minio.Client
	bucket, prefix string
}

// newBucket connects to nothing yet. transport is nil but in tests.
func newBucket(p Place, transport http.RoundTripper) (*Bucket, error) {
	client, err := minio.New(p.host, &minio.Options{Creds: credentials.NewStaticV4(p.key, p.secret, p.session), Secure: !p.plain, Region: p.region, Transport: transport})
	if err != nil {
		return nil, errors.New("the S3 server cannot be used as it is written in SWITCHYARD_FILES")
	}
	return &Bucket{client, p.bucket, p.prefix}, nil
}

func (b *Bucket) key(name string) string { return b.prefix + name[:min(2, len(name))] + "/" + name }

// Put writes an object in one request: S3 shows it whole or not at all.
func (b *Bucket) Put(ctx context.Context, name string, data []byte) error {
	_, err := b.client.PutObject(ctx, b.bucket, b.key(name), bytes.NewReader(data), int64(len(data)),
		minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true})
	return err
}

// Get reads an object.
func (b *Bucket) Get(ctx context.Context, name string) ([]byte, error) {
	o, err := b.client.GetObject(ctx, b.bucket, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer o.Close()
	data, err := readAll(o)
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, ErrMissing
	}
	return data, err
}

// Remove removes an object; S3 says nothing about one that is not there.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	return b.client.RemoveObject(ctx, b.bucket, b.key(name), minio.RemoveObjectOptions{})
}

// Each lists the bucket below the prefix.
func (b *Bucket) Each(ctx context.Context) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for o := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
			if o.Err != nil {
				yield(Object{}, o.Err)
				return
			}
			_, name, _ := strings.Cut(strings.TrimPrefix(o.Key, b.prefix), "/")
			if !ours(name) || b.key(name) != o.Key {
				continue // somebody else's
			}
			if !yield(Object{name, o.LastModified}, nil) {
				return
			}
		}
	}
}
