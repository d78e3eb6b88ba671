package flowjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Limits of a document: Meta takes 10 MiB, the others only stop what nobody writes.
const (
	maxBytes = 10 << 20
	maxDepth = 128
	maxNodes = 300_000
)

// shape is the JSON type of a node.
type shape string

const (
	isNull    shape = "null"
	isBoolean shape = "boolean"
	isNumber  shape = "number"
	isText    shape = "string"
	isArray   shape = "array"
	isObject  shape = "object"
)

// A node is one JSON value with the order of its keys, which a map would lose.
type node struct {
	shape shape
	text  string
	yes   bool
	keys  []string // of an object, each once
	items []*node  // of an object in the order of keys, or of an array
	raw   []byte   // part of the document: clone before keeping
	at    int      // offset of raw in the document, in bytes
}

var (
	errDepth = errors.New("nested too deep")
	errNodes = errors.New("too many values")
	errTail  = errors.New("text after the end")
)

func decode(raw []byte) (*node, error) {
	d := &decoder{tokens: json.NewDecoder(bytes.NewReader(raw)), raw: raw}
	d.tokens.UseNumber()
	root, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.tokens.Token(); err != io.EOF {
		return nil, errTail
	}
	return root, nil
}

type decoder struct {
	tokens *json.Decoder
	raw    []byte
	count  int
}

func (d *decoder) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	if d.count++; d.count > maxNodes {
		return nil, errNodes
	}
	start := d.tokens.InputOffset()
	token, err := d.tokens.Token()
	if err != nil {
		return nil, err
	}
	n := &node{}
	switch v := token.(type) {
	case nil:
		n.shape = isNull
	case bool:
		n.shape, n.yes = isBoolean, v
	case json.Number:
		n.shape, n.text = isNumber, v.String()
	case string:
		n.shape, n.text = isText, v
	case json.Delim:
		if err := d.fill(n, v, depth); err != nil {
			return nil, err
		}
	}
	// The offset stands after the token before this one: white space, comma or colon may follow it.
	end := d.tokens.InputOffset()
	n.raw = bytes.TrimLeft(d.raw[start:end], " \t\r\n,:")
	n.at = int(end) - len(n.raw)
	return n, nil
}

func (d *decoder) fill(n *node, open json.Delim, depth int) error {
	n.shape = isArray
	at := map[string]int(nil)
	if open == '{' {
		n.shape, at = isObject, map[string]int{}
	}
	for d.tokens.More() {
		key := ""
		if at != nil {
			token, err := d.tokens.Token()
			if err != nil {
				return err
			}
			key, _ = token.(string)
		}
		item, err := d.value(depth + 1)
		if err != nil {
			return err
		}
		if i, twice := at[key]; twice {
			n.items[i] = item
			continue
		}
		if at != nil {
			at[key] = len(n.keys)
			n.keys = append(n.keys, key)
		}
		n.items = append(n.items, item)
	}
	_, err := d.tokens.Token()
	return err
}

// get returns the member with that key, or nil; also of a nil node.
func (n *node) get(key string) *node {
	if n == nil || n.shape != isObject {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return n.items[i]
		}
	}
	return nil
}

func (n *node) is(s shape) bool { return n != nil && n.shape == s }

// str is the text of a string node, else empty.
func (n *node) str() string {
	if !n.is(isText) {
		return ""
	}
	return n.text
}

// list returns the elements of an array, else nothing.
func (n *node) list() []*node {
	if !n.is(isArray) {
		return nil
	}
	return n.items
}

func (n *node) isTrue() bool { return n.is(isBoolean) && n.yes }

// keep is the value as compact JSON, in memory of its own.
func (n *node) keep() json.RawMessage {
	if n == nil {
		return nil
	}
	var b bytes.Buffer
	if json.Compact(&b, n.raw) != nil {
		return nil
	}
	return bytes.Clone(b.Bytes())
}
