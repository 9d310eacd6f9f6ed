import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import * as everything from "./index.ts";
import * as verify from "./verify.ts";

/** The files that `entry` reaches through imports of values, itself included. */
function reached(entry: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(entry.href)) return seen;
  seen.add(entry.href);
  const source = readFileSync(entry, "utf8");
  for (const [, specifier] of source.matchAll(/^(?:im|ex)port (?!type )[^;]*?"(\.[^"]+)";/gms)) {
    reached(new URL(specifier ?? "", entry), seen);
  }
  return seen;
}

test("the broker's entry reaches no file that opens, seals or derives secrets", () => {
  const names = [...reached(new URL("./verify.ts", import.meta.url))].map((url) => basename(url));
  assert.ok(names.includes("envelope.ts") && names.includes("sodium.ts"), names.join(" "));
  const forbidden = ["opener.ts", "direct.ts", "receive.ts", "member-keys.ts", "welcome.ts"];
  for (const name of [...forbidden, "invite-code.ts", "invite-link.ts"]) {
    assert.ok(
      !names.includes(name),
      `verify.ts reaches ${name}: the broker must not be able to read`,
    );
  }
});

test("the broker's entry exports nothing that opens, seals or makes a signer", () => {
  const bad = Object.keys(verify).filter((name) =>
    /^(seal|open|derive|create.*(Seed|Key)|Signer|Opener|sodium|hkdf)/.test(name),
  );
  assert.deepEqual(bad, []);
});

test("the full entry exports all of it", () => {
  const missing = Object.keys(verify).filter((name) => !(name in everything));
  assert.deepEqual(missing, []);
  assert.ok(Object.keys(everything).length > Object.keys(verify).length);
});
