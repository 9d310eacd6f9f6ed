import {
  type MemberId,
  MeshError,
  nounOf,
  type RecordAck,
  type RecordRule,
  type RecordSigned,
  recordKey,
  recordRule,
  recordsMost,
  recordWords,
  type TopicId,
} from "@claudemesh/protocol";
import type { RecordRow } from "../store/records-port.ts";
import { type Authored, authorOf, type RecordContext } from "./author.ts";
import { notThere } from "./not-there.ts";
import { requirePlace } from "./places.ts";
import { mayNotChange, sharedGrants } from "./shared-grants.ts";

/** What every write of shared data may be given. */
export interface RecordInput {
  readonly [field: string]: unknown;
  readonly topic?: TopicId | undefined;
  readonly ifVersion?: number | undefined;
  readonly signed?: RecordSigned | undefined;
}

/** Refuses a write by what the record is now; what the declaration's `record` says was checked before. */
export type RecordCheck = (now: RecordRow | undefined, by: Authored) => void;

/** how often a write is decided anew because another came between */
const triesMost = 20;

/**
 * Answers an operation whose declaration has `record`: checks author, topic and grants, then that the record stands as the rule asks, and writes on that condition.
 * Who wins a race is decided by the store, in the order of the log. The same write again is answered as the first time.
 */
export async function writeRecord(
  op: string,
  input: RecordInput,
  ctx: RecordContext,
  check: RecordCheck = () => {},
): Promise<RecordAck> {
  const { actor, config, store } = ctx;
  const rule = recordRule(op);
  if (rule === undefined) throw new TypeError(`${op} writes no record`);
  const by = authorOf(op, input, ctx);
  const { id, digest, written } = by;
  const { topic } = input;
  const key = recordKey(op, rule, written);
  const answer = (version: number, replaced: number, at: number): RecordAck => ({
    key,
    ...(topic === undefined ? {} : { topic }),
    version,
    replaced,
    at,
  });
  const before = await store.read.writtenBefore(actor.mesh, { by: actor.member, id });
  if (before !== undefined) {
    if (before.digest === digest) return answer(before.seq, before.replaced ?? 0, before.at);
    throw new MeshError("malformed", "signed.id: used already for another write");
  }
  await requirePlace(topic, ctx, "write");
  const grants = await sharedGrants(ctx);
  const place = { noun: nounOf(op), topic: topic ?? ("" as const), key };
  for (let tries = 1; ; tries += 1) {
    const found = await store.read.record(actor.mesh, place);
    const now = found?.status === "gone" ? undefined : found;
    requireStanding(rule, now, input.ifVersion, { by: actor.member, noun: place.noun });
    if (now !== undefined && rule.adds === undefined && !grants.mayWrite(now.author)) {
      throw mayNotChange();
    }
    check(now, by);
    const outcome = await store.write.putRecord({
      mesh: actor.mesh,
      ...place,
      id,
      digest,
      by: actor.member,
      author: rule.adds === undefined ? actor.member : (now?.author ?? actor.member),
      status: rule.status,
      written: rule.adds === undefined ? [written] : [...(now?.written ?? []), written],
      words: recordWords(rule, written.input),
      expect: isConditional(rule, input) || tries < triesMost ? (now?.version ?? 0) : undefined,
      most: recordsMost[place.noun] ?? 0,
      at: written.at,
      expiresAt: written.at + config.sharedTtlMs,
    });
    if (outcome.result === "written") {
      return answer(outcome.version, outcome.replaced, written.at);
    }
    if (outcome.result === "full") throw full(place.noun);
    if (tries >= triesMost) {
      throw new MeshError("unavailable", "others change that all the time; try again", {
        retryAfterMs: 1_000,
      });
    }
  }
}

/** Whether what the record was before decides about the write. */
const isConditional = (
  { from, adds }: { readonly from?: readonly string[]; readonly adds?: true },
  { ifVersion }: RecordInput,
): boolean => from !== undefined || adds !== undefined || ifVersion !== undefined;

function requireStanding(
  { byLast, from }: Pick<RecordRule, "byLast" | "from">,
  now: RecordRow | undefined,
  ifVersion: number | undefined,
  { by, noun }: { readonly by: MemberId; readonly noun: string },
): void {
  if (ifVersion !== undefined && ifVersion !== (now?.version ?? 0)) {
    throw new MeshError("conflict", changed(now), {
      detail: { reason: "version", version: now?.version ?? 0 },
    });
  }
  if (from === undefined) return;
  if (now === undefined) throw notThere(noun);
  const last = now.written.at(-1);
  if (from.includes(now.status)) {
    if (byLast === undefined || last?.by === by) return;
    throw new MeshError("forbidden", `only who ${now.status} it may do that`, {
      detail: { reason: "status", status: now.status, by: last?.by },
    });
  }
  throw new MeshError("conflict", `it is ${now.status}, and not ${from.join(" or ")}`, {
    detail: { reason: "status", status: now.status, by: last?.by, version: now.version },
  });
}

const full = (noun: string): MeshError =>
  new MeshError("too_large", `the mesh has as many of these as it may: ${recordsMost[noun]}`, {
    hint: `delete or finish what nobody needs any more: claudemesh ${noun} list`,
    detail: { reason: "records", noun, limit: recordsMost[noun] },
  });

const changed = (now: RecordRow | undefined): string =>
  now === undefined
    ? "ifVersion: it is not there"
    : `ifVersion: it is at version ${now.version} by now`;
