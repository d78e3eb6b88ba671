//go:build !cgo || !unix

package keys

import "errors"

func libcrypto() (Library, error) {
	return Library{}, errors.New("this program was built without cgo")
}
