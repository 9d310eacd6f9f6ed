import { createHash } from "node:crypto";
import type { Hash } from "@claudemesh/protocol";
import type { AuditBody } from "../src/audit.ts";
import { domains } from "../src/domains.ts";
import { type JsonValue, jcs } from "../src/jcs.ts";

/** A row of the audit chain as it is kept, and its hash: what `jcs` and `auditHash` answer, by Node's own SHA-256, so that a thread that only hashes rows loads no other primitive. */
export function auditRow(body: AuditBody): { readonly text: string; readonly hash: Hash } {
  const text = jcs(body as unknown as JsonValue);
  const hash = createHash("sha256").update(`${domains.audit}\n${text}`, "utf8").digest("hex");
  return { text, hash: hash as Hash };
}
