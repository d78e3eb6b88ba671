package alert

import "strings"

// A Meaning says what an error type of Meta's means and what to do about it.
type Meaning struct {
	Title string // in words: "The endpoint took too long"
	Means string
	Fix   string
}

// Known looks up an error type, in any of the spellings that Meta uses for it: the alerts write
// INVALID_SCREEN_TRANSITION and TIMEOUT, the error page invalid-screen-transition and timeout_error
// (protocol.md §2.6, §5.1). ok is false for a type that is not in the catalogue.
func Known(errorType string) (m Meaning, ok bool) {
	m, ok = meanings[normal(errorType)]
	return m, ok
}

// normal folds the spellings of an error type.
func normal(s string) string {
	s = strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(s)))
	if twin, ok := twins[s]; ok {
		return twin
	}
	return s
}

var twins = map[string]string{
	"timeout":                           "timeout_error",
	"capability_error":                  "missing_capability",
	"public_key_signiture_verification": "public_key_signature_verification", // Meta's own slip of the pen
}

var meanings = map[string]Meaning{
	"timeout_error": {"The endpoint took too long",
		"A request was not answered within 10 seconds.",
		"Look for slow steps of this flow, and for a slow network between WhatsApp and this server. Answers should take less than a second."},
	"missing_capability": {"The app lacks the endpoint capability",
		"The Meta app that is linked to the flow may not use a Flow endpoint.",
		"In the app dashboard, link an app that has the WhatsApp product with Flows, and connect it to the flow."},
	"cannot_be_served": {"The flow cannot be served",
		"The flow is not in draft or published state, the business account is blocked, or its Flow JSON misses version or data_api_version.",
		"Check the flow's status and its Flow JSON in WhatsApp Manager."},
	"no_http_response_error": {"No answer came back",
		"The connection was closed without a valid HTTP response.",
		"Check the proxy or load balancer before this server, and whether the server was restarted."},
	"unexpected_http_status_code": {"An unexpected status code",
		"The endpoint answered with a status that WhatsApp does not act on, such as 500 or 502.",
		"If this server shows no fault for that time, the answer came from a proxy before it: look there."},
	"public_key_missing": {"The public key is missing",
		"WhatsApp could not find a public key for the phone number.",
		"Upload the public key from the Keys page for each phone number that sends this flow."},
	"public_key_signature_verification": {"The public key's signature is not valid",
		"WhatsApp could not verify the signature of the uploaded key; this happens after a number was registered again.",
		"Upload the public key again for the phone number."},
	"response_decryption_error": {"The answer could not be decrypted",
		"WhatsApp could not decrypt what the endpoint answered.",
		"Make sure that nothing between WhatsApp and this server changes the body, such as a proxy that adds a page or compresses it."},
	"invalid_screen_transition": {"A screen that may not come next",
		"The endpoint named a screen to which the routing model does not lead from the customer's screen.",
		"Open the flow's rules: transitions that the routing model forbids are listed there. Correct the rule, or the routing model in the Flow JSON, and publish."},
	"payload_schema_error": {"Data that does not fit the screen",
		"The data sent with a screen does not match the data that the screen declares.",
		"Import the newest Flow JSON on the flow's page, then look at the problems that its rules list."},
	"business_decryption_error": {"The request could not be decrypted here",
		"WhatsApp fetched the public key again and this server still could not open the request.",
		"The uploaded public key belongs to none of the private keys here: upload the one from the Keys page again."},
	"bad_signature": {"Requests were refused",
		"Every request was refused, because its signature or secret did not fit.",
		"Compare the app secret on the Setup page, or the flow's own, with the one in the app dashboard: it was probably changed there."},
	"fallback": {"Customers got the fallback",
		"The rules could not be carried out, so customers saw the flow's fallback instead of the screen that should have come.",
		"Open the flow: what went wrong lately is listed there, with the rule and the visit."},
	"components_validation_error": {"A component could not be shown",
		"The customer's WhatsApp found a component whose data is not valid. Meta does not document this type.",
		"Compare what the last step sent with the limits of the components on that screen, such as lengths and numbers of options."},
}
