import type { AuditHead, AuditRow, Hash } from "@claudemesh/protocol";
import { type AuditBody, type AuditPlace, auditHash, auditSigner } from "../audit.ts";
import { domains, statementBytes } from "../domain.ts";
import { fromUtf8 } from "../encoding.ts";
import type { JsonValue } from "../jcs.ts";
import { unsigned } from "../signature.ts";
import * as at from "../testing/fixtures.ts";

const textOf = (body: AuditBody): string =>
  fromUtf8(statementBytes(domains.audit, body as unknown as JsonValue));

/** Three rows, each on the one before. */
function chain(): AuditRow[] {
  const alice = at.memberOf("alice");
  const bodies: Pick<AuditRow, "act" | "op" | "by" | "about" | "ref">[] = [
    { act: "roster.genesis", op: "mesh.create", by: { member: alice.member } },
    { act: "profile", by: { member: alice.member, device: alice.device }, about: alice.member },
    { act: "broker.restore" },
  ];
  const rows: AuditRow[] = [];
  for (const fields of bodies) {
    const seq = rows.length + 1;
    const prev: Hash | "" = rows.at(-1)?.hash ?? "";
    const body = { v: 1 as const, mesh: at.mesh, seq, at: at.moment + seq, ...fields, prev };
    rows.push({ ...body, hash: auditHash(body) });
  }
  return rows;
}

/** An audit chain with its signed head, and what was done to others like it: `seq` is the first row that does not hold. */
export function auditVectors() {
  const rows = chain();
  const [first, second, third] = rows as [AuditRow, AuditRow, AuditRow];
  const signer = auditSigner(new Uint8Array(32).fill(7));
  const { seq, hash } = third;
  const head = signer.sign({ kind: "head", mesh: at.mesh, seq, hash, at: at.moment });
  const covered = unsigned(head) as unknown as JsonValue;
  const place: AuditPlace = { seq, hash };
  return {
    format: "audit",
    mesh: at.mesh,
    rows: rows.map((row) => {
      const { hash: _hash, ...body } = row;
      return { row, hashedText: textOf(body) };
    }),
    head: { statement: head, signedText: fromUtf8(statementBytes(domains.auditHead, covered)) },
    failures: [
      {
        name: "act changed",
        rows: [first, { ...second, act: "other" }, third],
        head: place,
        seq: 2,
      },
      { name: "time changed", rows: [first, { ...second, at: 1 }, third], head: place, seq: 2 },
      { name: "row taken out", rows: [first, third], head: place, seq: 2 },
      { name: "rows swapped", rows: [second, first, third], head: place, seq: 1 },
      { name: "end cut off", rows: [first, second], head: place, seq: 3 },
      { name: "head moved back", rows, head: { seq: 2, hash: second.hash }, seq: 3 },
      { name: "head of another hash", rows, head: { seq, hash: second.hash }, seq: 3 },
      {
        name: "changed and hashed again",
        rows: [first, again(second), third],
        head: place,
        seq: 3,
      },
    ],
    unsigned: [
      { name: "head's seq changed", statement: { ...head, seq: 2 } },
      { name: "anchor in place of head", statement: { ...head, kind: "anchor" as const } },
      { name: "key of another", statement: { ...head, key: at.memberOf("eve").keys.sign } },
    ] satisfies { name: string; statement: AuditHead }[],
  };
}

function again({ hash: _hash, ...row }: AuditRow): AuditRow {
  const body = { ...row, act: "other" };
  return { ...body, hash: auditHash(body) };
}
