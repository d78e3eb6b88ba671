// Package wire is the platform's formats byte for byte: payloads, signatures, the encrypted envelope, both directions.
package wire
