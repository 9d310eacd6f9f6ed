import {
  type JsonValue,
  jcs,
  newRecordId,
  recordHash,
  verifyRecord,
} from "@claudemesh/crypto/verify";
import {
  type Hash,
  MeshError,
  type RecordId,
  type RecordSigned,
  type Written,
} from "@claudemesh/protocol";
import type { MemberContext, Services } from "../handler.ts";
import { requireClose } from "../rosters.ts";

export type RecordContext = Pick<Services, "config" | "grants" | "now" | "random" | "store"> &
  MemberContext;

/** A write with who wrote it. */
export interface Authored {
  readonly id: RecordId;
  readonly digest: Hash;
  readonly written: Written;
}

type SignedInput = Readonly<Record<string, unknown>> & {
  readonly signed?: RecordSigned | undefined;
};

/** characters of one write, as canonical JSON */
const writtenMost = 96 * 1024;

/**
 * Who wrote this: a member by its signature, or an API key by the broker's word. A key's writes are refused where the policy takes end-to-end encrypted and signed things only.
 * Throws `bad_signature`, `clock_skew`, `forbidden`, `malformed`, `too_large`.
 */
export function authorOf(op: string, given: SignedInput, ctx: RecordContext): Authored {
  const { actor, now, random, roster } = ctx;
  const { signed, ...input } = given;
  const write = { mesh: actor.mesh, op, input };
  const at = now();
  const said = { op, input: input as Written["input"], by: actor.member, at };
  if (jcs(input as JsonValue).length > writtenMost) {
    throw new MeshError("too_large", `input: more than ${writtenMost} characters`);
  }
  if (actor.key !== undefined) {
    if (signed !== undefined) {
      throw new MeshError("malformed", "signed: a program with an API key has no signature");
    }
    if (roster.policy.requireE2E) {
      throw new MeshError("forbidden", "the mesh's policy takes what members signed only", {
        hint: "make a bot with keys of its own: claudemesh apikey create <name> --bot",
        detail: { reason: "require_e2e" },
      });
    }
    const { id: key, name } = actor.key;
    const id = newRecordId(now, random);
    return { id, digest: recordHash(write, id), written: { ...said, id, via: { key, name } } };
  }
  if (signed === undefined) {
    throw new MeshError("malformed", "signed: a member's device signs what it writes");
  }
  if (signed.author !== roster.members.get(actor.member)?.keys.sign) {
    throw new MeshError("forbidden", "signed.author: one writes in one's own name only");
  }
  if (signed.device !== actor.device) {
    throw new MeshError("forbidden", "signed.device: not the connection's device");
  }
  verifyRecord(write, signed);
  // What was written offline is older; nothing comes from the future.
  if (signed.at > at) requireClose(signed.at, at);
  return {
    id: signed.id,
    digest: recordHash(write, signed.id),
    written: { ...said, id: signed.id, signed },
  };
}
