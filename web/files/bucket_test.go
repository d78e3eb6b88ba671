package files_test

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"switchyard/web/files"
)

// An s3 is as much of an S3 server as a store needs, and refuses what is not signed with its key.
type s3 struct {
	t       *testing.T
	mu      sync.Mutex
	objects map[string][]byte
}

func newBucket(t *testing.T, prefix string) files.Store {
	t.Helper()
	s := &s3{t: t, objects: map[string][]byte{}}
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	p, err := files.ParsePlace("s3://KEY:SECRET@"+strings.TrimPrefix(server.URL, "https://")+"/media/"+prefix, files.Credentials{})
	must(t, err)
	store, err := p.Open(server.Client().Transport)
	must(t, err)
	return store
}

func (s *s3) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=KEY/") {
		s.t.Errorf("%s %s is not signed", r.Method, r.URL)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	key, ok := strings.CutPrefix(r.URL.Path, "/media/")
	switch {
	case !ok || r.Method == http.MethodPost:
		s.t.Errorf("%s %s is not what a store does", r.Method, r.URL)
		w.WriteHeader(http.StatusNotImplemented)
	case r.Method == http.MethodPut:
		s.objects[key] = s.body(r)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case key == "":
		s.list(w, r.URL.Query().Get("prefix"))
	case s.objects[key] == nil:
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `<Error><Code>NoSuchKey</Code><Message>none</Message></Error>`)
	default:
		w.Header().Set("ETag", `"e"`)
		http.ServeContent(w, r, "", time.Now(), bytes.NewReader(s.objects[key]))
	}
}

// body takes the chunks of aws-chunked apart.
func (s *s3) body(r *http.Request) []byte {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		b, err := io.ReadAll(r.Body)
		must(s.t, err)
		return append([]byte{}, b...)
	}
	whole := []byte{}
	for in := bufio.NewReader(r.Body); ; {
		line, err := in.ReadString('\n')
		must(s.t, err)
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 64)
		must(s.t, err)
		if n == 0 {
			return whole
		}
		chunk := make([]byte, n+2)
		_, err = io.ReadFull(in, chunk)
		must(s.t, err)
		whole = append(whole, chunk[:n]...)
	}
}

func (s *s3) list(w http.ResponseWriter, prefix string) {
	type content struct {
		Key          string
		LastModified string
		Size         int
	}
	var out struct {
		XMLName     xml.Name `xml:"ListBucketResult"`
		IsTruncated bool
		Contents    []content
	}
	for key, data := range s.objects {
		if strings.HasPrefix(key, prefix) {
			out.Contents = append(out.Contents, content{key, time.Now().UTC().Format(time.RFC3339), len(data)})
		}
	}
	slices.SortFunc(out.Contents, func(a, b content) int { return strings.Compare(a.Key, b.Key) })
	must(s.t, xml.NewEncoder(w).Encode(out))
}
