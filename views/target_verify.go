package views

// How a receiver checks the signature of Standard Webhooks, as people copy it.
const (
	verifyNode = `import { createHmac, timingSafeEqual } from "node:crypto";

// body: the bytes as they came, before they are parsed; secret: whsec_…
export function verify(headers, body, secret) {
  const id = headers["webhook-id"], timestamp = headers["webhook-timestamp"];
  const fresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const want = createHmac("sha256", key).update(id + "." + timestamp + ".").update(body).digest();
  return fresh && headers["webhook-signature"].split(" ").some((one) => {
    const got = Buffer.from(one.replace("v1,", ""), "base64");
    return got.length === want.length && timingSafeEqual(got, want);
  });
}`
	verifyPython = `import base64, hashlib, hmac, time

def verify(headers, body, secret):
    """body: the bytes as they came, before they are parsed; secret: whsec_…"""
    sent, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    fresh = abs(time.time() - int(timestamp)) < 300
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{sent}.{timestamp}.".encode() + body
    want = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return fresh and any(hmac.compare_digest(want, one) for one in headers["webhook-signature"].split())`
)
