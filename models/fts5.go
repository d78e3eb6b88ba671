//go:build !sqlite_fts5

package models

// Search needs SQLite's full-text index, which is compiled in by a build tag. Without the tag this line does not
// compile: use make, or add -tags=sqlite_fts5.
var _ = build_with_the_tag_sqlite_fts5
