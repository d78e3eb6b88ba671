package keys

import "strings"

// UploadCall is Meta's call that makes a public key the one of a phone number, for a shell (protocol.md §3.6); the words
// in capitals are for the reader to fill in. graph is the Graph API's address with its version. publicPEM is the key
// itself, or "" for the file public.pem.
func UploadCall(graph, publicPEM string) string {
	key := `"business_public_key@public.pem"`
	if publicPEM != "" {
		key = `"business_public_key=` + strings.TrimSpace(publicPEM) + `"` // base64 has nothing that a shell reads
	}
	return asKey(`curl -X POST "`, graph) + " \\\n  --data-urlencode " + key
}

// AskCall is the call that tells which public key Meta has for a phone number, and whether its signature is valid.
func AskCall(graph string) string { return asKey(`curl "`, graph) }

func asKey(curl, graph string) string {
	return curl + graph + "/PHONE_NUMBER_ID/whatsapp_business_encryption\" \\\n  -H \"Authorization: Bearer ACCESS_TOKEN\""
}
