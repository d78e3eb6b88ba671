package files

// Pictures makes pictures of anything, for fuzzing.
func Pictures(data []byte) (small, view []byte, err error) { return pictures(data, Sniff(data)) }
