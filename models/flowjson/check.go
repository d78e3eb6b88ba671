package flowjson

func (r *reader) check() {}

func article(s shape) string { return string(s) }
