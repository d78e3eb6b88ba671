# Build: cgo for SQLite.
FROM golang:1.26-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=1 GOFLAGS="-buildvcs=false -tags=sqlite_fts5 -trimpath"
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY web web
COPY views views
COPY models models
COPY handlers handlers
COPY static static
ARG VERSION=devel
RUN go build -ldflags "-s -w -X switchyard/web.release=${VERSION}" -o /out/switchyard ./cmd/switchyard \
 && mkdir -m 0700 /out/data

# Run: the C library, certificates for ACME, and libcrypto, which decrypts three times as fast as Go.
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libssl3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin switchyard
COPY --from=build /out/switchyard /usr/local/bin/switchyard
COPY --from=build --chown=10001:10001 /out/data /data
USER 10001:10001
WORKDIR /data
ENV SWITCHYARD_LISTEN=:8080 SWITCHYARD_DATABASE=sqlite:/data/switchyard.db
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["switchyard", "health"]
ENTRYPOINT ["switchyard"]
CMD ["serve"]
