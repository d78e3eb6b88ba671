# Everything is built with the same tag: SQLite's full text search is compiled in.
export GOFLAGS := -buildvcs=false -tags=sqlite_fts5
export CGO_ENABLED := 1

.PHONY: run demo build test verify generate image

run: build          ## build and serve on 127.0.0.1:8080
	./bin/switchyard serve

demo: build         ## serve sample flows in a folder that is removed at the end
	./bin/switchyard demo

build:              ## bin/switchyard
	go build -o bin/switchyard ./cmd/switchyard

generate:           ## Go code of the templ files
	go tool templ generate

test:               ## what CI runs, on both engines
	./.ci/check

verify:             ## test, with the long forms of tests and fuzz tests
	SWITCHYARD_VERIFY=1 ./.ci/check

image:              ## the container image
	docker build -t switchyard .
