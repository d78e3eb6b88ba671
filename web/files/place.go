package files

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// A Place is where files lie: a folder, or a bucket with what opens it. It prints without credentials.
type Place struct {
	folder                                     string
	host, bucket, prefix, key, secret, session string
	region                                     string
	plain                                      bool // http: a server of one's own on the same network
}

// Credentials are those of the environment (AWS_ACCESS_KEY_ID and so on), for places that name none.
type Credentials struct{ Key, Secret, Session, Region string }

var errPlace = errors.New("write a folder, such as data/files, or s3://KEY:SECRET@HOST/BUCKET/PREFIX?region=REGION, with %2F for a / in the key or secret")

// ParsePlace reads a folder or s3://[KEY:SECRET@]HOST[:PORT]/BUCKET[/PREFIX][?region=REGION][&plain=1].
func ParsePlace(s string, c Credentials) (Place, error) {
	scheme, _, isURL := strings.Cut(s, "://")
	if !isURL {
		if s == "" {
			return Place{}, errPlace
		}
		return Place{folder: s}, nil
	}
	u, err := url.Parse(s)
	if err != nil || scheme != "s3" || u.Hostname() == "" || u.Fragment != "" {
		return Place{}, errPlace
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	p := Place{host: u.Host, bucket: bucket, prefix: strings.Trim(prefix, "/"), key: c.Key, secret: c.Secret, session: c.Session, region: c.Region}
	if u.User != nil {
		p.key, p.session = u.User.Username(), ""
		p.secret, _ = u.User.Password()
	}
	for name, values := range u.Query() {
		switch name {
		case "region":
			p.region = values[0]
		case "plain":
			p.plain = values[0] == "1"
		default:
			return Place{}, errors.New("only region and plain can follow the ? of an S3 address")
		}
	}
	switch {
	case p.bucket == "":
		return Place{}, errPlace
	case p.key == "" || p.secret == "":
		return Place{}, errors.New("the bucket needs a key and a secret: write them as s3://KEY:SECRET@HOST/BUCKET, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	if p.region == "" {
		p.region = "us-east-1"
	}
	if p.prefix != "" {
		p.prefix += "/"
	}
	return p, nil
}

// String is the place without credentials.
func (p Place) String() string {
	if p.folder != "" {
		return p.folder
	}
	return "s3://" + p.host + "/" + p.bucket + "/" + p.prefix
}

// GoString is String, for %#v.
func (p Place) GoString() string { return p.String() }

// Shared tells whether several servers reach the same place.
func (p Place) Shared() bool { return p.folder == "" }

// Open gives the store, which is asked when it is first used. transport is nil but in tests.
func (p Place) Open(transport http.RoundTripper) (Store, error) {
	if p.folder != "" {
		return NewFolder(p.folder), nil
	}
	return newBucket(p, transport)
}
