import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { before, test } from "node:test";
import type { AuditRow } from "@claudemesh/protocol";
import { AuditWalk, isAuditHeadSigned } from "../audit.ts";
import { ready } from "../sodium.ts";
import { loadVectors } from "../testing/load-vectors.ts";
import type { auditVectors } from "./audit.ts";

before(ready);

const vectors = loadVectors<typeof auditVectors>("audit");

test("rows and head are what Node's own SHA-256 and Ed25519 say", () => {
  let prev = "";
  for (const { row, hashedText } of vectors.rows) {
    assert.equal(createHash("sha256").update(hashedText).digest("hex"), row.hash);
    assert.equal(row.prev, prev);
    prev = row.hash;
  }
  const { statement, signedText } = vectors.head;
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: statement.key },
    format: "jwk",
  });
  assert.ok(verify(null, Buffer.from(signedText), key, Buffer.from(statement.sig, "base64url")));
  assert.ok(isAuditHeadSigned(statement));
});

test("a chain holds as it was written, and each tampering is found at its first row", () => {
  const walk = () => new AuditWalk(vectors.mesh, { seq: 0, hash: "" });
  const good = walk();
  assert.equal(good.take(vectors.rows.map(({ row }) => row)), undefined);
  assert.equal(good.end(vectors.head.statement), undefined);
  for (const { name, rows, head, seq } of vectors.failures) {
    const spoiled = walk();
    const fault = spoiled.take(rows as AuditRow[]) ?? spoiled.end(head);
    assert.equal(fault?.seq, seq, `${name}: ${fault?.why}`);
  }
  for (const { name, statement } of vectors.unsigned) {
    assert.equal(isAuditHeadSigned(statement, vectors.head.statement.key), false, name);
  }
});

test("what was noted earlier must still be in the chain", () => {
  const rows = vectors.rows.map(({ row }) => row);
  const [, second, third] = rows as [AuditRow, AuditRow, AuditRow];
  const noted = { seq: 2, hash: third.hash };
  const walk = new AuditWalk(vectors.mesh, { seq: 0, hash: "" }, [noted]);
  assert.equal(walk.take(rows)?.seq, 2);
  const fits = new AuditWalk(vectors.mesh, { seq: 0, hash: "" }, [second]);
  assert.equal(fits.take(rows), undefined);
});
