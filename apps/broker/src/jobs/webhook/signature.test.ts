import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, test } from "node:test";
import { ready, utf8 } from "@claudemesh/crypto/verify";
import { limits } from "@claudemesh/protocol";
import { signatureOf } from "./signature.ts";

before(ready);

const secret = "whs_secret";
const body = utf8('{"ok":true}');
const now = Date.parse("2026-03-01T12:00:00Z");

const hex = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac("sha256", secret)).digest("hex");
const own = (at: number, sig = hex(`${Math.floor(at / 1_000)}.`, body)) => ({
  "x-claudemesh-signature": `t=${Math.floor(at / 1_000)},v1=${sig}`,
});
const github = (sig: string) => ({ "x-hub-signature-256": `sha256=${sig}` });
const of = (headers: Parameters<typeof signatureOf>[0], at = now) =>
  signatureOf(headers, body, secret, at);

test("the replay window ends where it says, on both sides, and one may not be moved into it", () => {
  const most = limits.webhookWindowMs;
  for (const off of [0, most, -most])
    assert.equal(of(own(now + off)), hex(`${(now + off) / 1_000}.`, body));
  for (const off of [most + 1_000, -most - 1_000]) {
    assert.equal(of(own(now + off)), undefined);
    const [, sig = ""] = own(now + off)["x-claudemesh-signature"].split("v1=");
    assert.equal(of(own(now, sig)), undefined, "its time is signed");
  }
});

test("a signature of GitHub's form is over the body, in either case, and has no time", () => {
  const sig = hex(body);
  assert.equal(of(github(sig)), sig);
  assert.equal(of(github(sig.toUpperCase())), sig);
  assert.equal(of(github(sig), now + 10 * limits.webhookWindowMs), sig);
});

test("whatever differs in one digit, is cut, longer, doubled or of another kind is no signature", () => {
  const sig = hex(body);
  const flipped = (at: number) =>
    sig.slice(0, at) + (sig[at] === "0" ? "1" : "0") + sig.slice(at + 1);
  for (let at = 0; at < sig.length; at++) assert.equal(of(github(flipped(at))), undefined);
  for (const wrong of ["", sig.slice(1), `${sig}0`, ` ${sig}`, `${sig} `, "-".repeat(64)]) {
    assert.equal(of(github(wrong)), undefined, wrong);
  }
  for (const headers of [
    {},
    { "x-hub-signature-256": sig },
    { "x-hub-signature-256": `sha1=${sig}` },
    { "x-hub-signature-256": [`sha256=${sig}`] },
    { "x-hub-signature": `sha256=${sig}` },
    { "x-claudemesh-signature": `t=,v1=${sig}` },
    { "x-claudemesh-signature": `t=${now / 1_000},v0=${sig}` },
    { "x-claudemesh-signature": "", ...github(sig) },
    { ...own(now, sig), ...github(sig) },
  ]) {
    assert.equal(of(headers), undefined, JSON.stringify(headers));
  }
});
