import { deflateRawSync } from "node:zlib";
import { ready, toBase64, utf8 } from "@claudemesh/crypto";
import { LinkCommitment, LinkKey } from "@claudemesh/protocol";
import { parseContents } from "../../packages/device/src/linking/carry-contents.ts";
import { readPart } from "../../packages/device/src/linking/exchange-keys.ts";
import { fuzz } from "./hunt.ts";
import { jsonLike, textsLike } from "./inputs.ts";
import { oneOf, rarely } from "./numbers.ts";
import { vectors } from "./vectors.ts";

await ready();

const [link] = vectors<{
  cases: {
    existing: { key: string; commitment: string };
    parts: { existing: { sealed: string } };
  }[];
}>("device-link").cases;
const { key = "", commitment = "" } = link?.existing ?? {};
const [backup] = vectors<{ cases: { plaintext: string }[] }>("backup").cases;
const home = JSON.parse(backup?.plaintext ?? "{}");
const device = "dev_11111111-1111-4111-8111-111111111111";
const [{ mesh = "" } = {}] = vectors<{ cases: { mesh: string }[] }>("welcome").cases;

const part = (value: object): string => toBase64(utf8(JSON.stringify(value)));
const sealed = link?.parts.existing.sealed ?? "";
fuzz({
  name: "what a side of a device link announces",
  inputs: textsLike([part({ v: 1, commitment }), part({ v: 1, key }), sealed]),
  parse: (text) => readPart(LinkCommitment, text),
});
fuzz({
  name: "the key of a side of a device link",
  inputs: textsLike([part({ v: 1, key }), part({ v: 1, commitment }), sealed]),
  parse: (text) => readPart(LinkKey, text),
});

const contents = jsonLike([
  { v: 1, home, devices: [{ mesh, device }], siblings: [{ mesh, device }] },
  { v: 1, home: { ...home, earlier: [home.seed] }, devices: [], siblings: [] },
]);
const packed = deflateRawSync(utf8("x".repeat(100_000)));
fuzz({
  name: "what a device link carries",
  inputs: (numbers) => {
    const bytes = rarely(numbers, 10) ? packed : deflateRawSync(utf8(contents(numbers)));
    if (rarely(numbers, 4)) bytes[numbers.next(bytes.length)] = oneOf(numbers, [0, 1, 127, 255]);
    return bytes;
  },
  parse: parseContents,
});
