import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditRow } from "@claudemesh/protocol";
import { auditHash } from "../src/audit.ts";
import { jcs } from "../src/jcs.ts";
import { ready } from "../src/sodium.ts";
import { auditRow } from "./audit-hash.ts";

test("a row has the text and the hash that every verifier finds", async () => {
  await ready();
  const first = {
    v: 1,
    mesh: "mesh",
    seq: 1,
    at: 1_800_000_000_000,
    act: "made",
    about: "m",
    prev: "",
  };
  const bodies = [
    first,
    { ...first, seq: 2, prev: "ab".repeat(32), op: "topic.join", by: "me", ref: undefined },
    { ...first, about: '\u00e4\u4f60\ud83d\ude00 "quoted"\n', at: 0.5 },
  ] as unknown as Omit<AuditRow, "hash">[];
  for (const body of bodies) {
    assert.deepEqual(auditRow(body), { text: jcs(body as never), hash: auditHash(body) });
  }
  assert.throws(() => auditRow({ ...first, about: "\ud800" } as never), { code: "malformed" });
});
