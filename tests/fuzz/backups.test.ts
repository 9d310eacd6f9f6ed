import { parseBackup, readBackupHeader, ready } from "@claudemesh/crypto";
import { fuzz } from "./hunt.ts";
import { jsonLike, textsLike } from "./inputs.ts";
import { vectors } from "./vectors.ts";

await ready();

const backup = vectors<{
  cases: { fileHex: string; plaintext: string }[];
  failures: { fileHex: string }[];
}>("backup");
const files = [...backup.cases, ...backup.failures].map(({ fileHex }) => fileHex);

fuzz({
  name: "the header of a backup",
  inputs: textsLike(files),
  parse: (text) => readBackupHeader(Buffer.from(text, "hex")),
});

fuzz({
  name: "the contents of a backup",
  inputs: jsonLike(backup.cases.map(({ plaintext }) => JSON.parse(plaintext))),
  parse: (text) => parseBackup(Buffer.from(text)),
});
