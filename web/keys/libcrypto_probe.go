//go:build cgo && unix

package keys

// #cgo LDFLAGS: -ldl
// #include <dlfcn.h>
// #include <stdlib.h>
import "C"

import (
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unsafe"
)

// symbols are the functions that the binding takes from libcrypto 3, a line each; a test holds them against it.
//
//go:embed libcrypto.txt
var symbols string

// lacks tells why a library cannot be used: it is not there, or was built without some of the functions. The library
// stays loaded.
func lacks(file, functions string) error {
	runtime.LockOSThread() // dlerror speaks of its own thread
	defer runtime.UnlockOSThread()
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	library := C.dlopen(name, C.RTLD_LAZY|C.RTLD_LOCAL)
	if library == nil {
		return errors.New(C.GoString(C.dlerror()))
	}
	for function := range strings.Lines(functions) {
		if !offers(library, strings.TrimSpace(function)) {
			return fmt.Errorf("%s was built without %s", file, strings.TrimSpace(function))
		}
	}
	return nil
}

func offers(library unsafe.Pointer, function string) bool {
	name := C.CString(function)
	defer C.free(unsafe.Pointer(name))
	return C.dlsym(library, name) != nil
}
