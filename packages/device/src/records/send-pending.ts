import { signRecord } from "@claudemesh/crypto";
import {
  limits,
  MeshError,
  type MeshId,
  nounOf,
  type RecordAck,
  type RecordId,
  recordRule,
  type Written,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import type { HomeStore } from "../store/home-store.ts";
import type { MembershipRow } from "../store/memberships.ts";
import {
  countTry,
  dropPendingWrite,
  type PendingWrite,
  pendingWrites,
  resignPendingWrite,
} from "../store/pending-writes.ts";
import { keepRecord } from "./keep-record.ts";
import { tellOutcome } from "./tell-outcome.ts";

export type Outcome = { readonly ack: RecordAck } | { readonly error: MeshError };

/** What goes on for one mesh of a home, in this process. */
class Sending {
  running: Promise<void> | undefined;
  /** writes whose callers wait for what becomes of them */
  readonly waited = new Set<RecordId>();
  readonly outcomes = new Map<RecordId, Outcome>();
}

const homes = new WeakMap<HomeStore, Map<MeshId, Sending>>();

/** how often the broker may fail at a write before it is given up */
const triesMost = 5;
/** the longest that a rate holds a round up */
const pauseMost = 10_000;

export function sendingOf({ store }: DeviceContext, mesh: MeshId): Sending {
  const meshes = homes.get(store) ?? new Map<MeshId, Sending>();
  homes.set(store, meshes);
  const sending = meshes.get(mesh) ?? new Sending();
  meshes.set(mesh, sending);
  return sending;
}

/**
 * Sends what waits for a mesh's broker, in the order in which it was written, each once: a repeat has the same id, by which the broker knows it. Ends at the first that cannot be sent
 * now. What was refused is gone then, and told to whoever waits for it, or else by a notice.
 */
export async function sendPending(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  const sending = sendingOf(ctx, row.mesh);
  while (sending.running !== undefined) await sending.running;
  if (pendingWrites(ctx.store, row.mesh).length === 0) return;
  sending.running = round(ctx, row, sending).finally(() => {
    sending.running = undefined;
  });
  await sending.running;
}

/** Begins to send what waits, where the broker has just been reached; what fails stays, and is tried again. */
export function sendWaiting(ctx: DeviceContext, row: MembershipRow): void {
  sendPending(ctx, row).catch((cause) =>
    ctx.log("warn", `what waits for the broker was not sent: ${cause}`),
  );
}

async function round(ctx: DeviceContext, row: MembershipRow, sending: Sending): Promise<void> {
  for (const pending of pendingWrites(ctx.store, row.mesh)) {
    const write = signedHere(ctx, row, pending);
    const outcome = await sendOne(ctx, row, write);
    if (outcome === undefined) return;
    const isWaited = sending.waited.has(write.id);
    if (isWaited) sending.outcomes.set(write.id, outcome);
    ctx.store.write(() => {
      if (dropPendingWrite(ctx.store, write) > 0 && !isWaited)
        tellOutcome(ctx, row, write, outcome);
      if ("ack" in outcome) keepWritten(ctx, row, write, outcome.ack);
    });
  }
}

/** What the broker took is known here from now on, before the feed tells it. What is added to earlier writes comes with these. */
function keepWritten(
  ctx: DeviceContext,
  row: MembershipRow,
  { id, input: { signed, ...input }, op }: PendingWrite,
  { at, key, topic, version }: RecordAck,
): void {
  const rule = recordRule(op);
  if (rule === undefined || rule.adds) return;
  const written = [{ id, op, input: input as Written["input"], by: row.member, signed, at }];
  const place = topic === undefined ? { key } : { key, topic };
  keepRecord(ctx, row, { noun: nounOf(op), ...place, version, status: rule.status, written }, 0);
}

/** What became of it; undefined where it is to be sent later. */
async function sendOne(
  ctx: DeviceContext,
  row: MembershipRow,
  write: PendingWrite,
): Promise<Outcome | undefined> {
  if (ctx.now() - write.at > limits.idempotencyTtlMs) return { error: tooOld() };
  for (;;) {
    try {
      const ack = await ctx.links.using(row, ({ client }) =>
        client.call(write.op, write.input as never),
      );
      return { ack: ack as unknown as RecordAck };
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      if (error.code === "rate_limited") {
        const ms = Math.min(error.retryAfterMs ?? 1_000, pauseMost);
        await new Promise<void>((resolve) => void ctx.timer(ms, resolve));
        continue;
      }
      if (!isUnreachable(error)) return { error };
      if (error.code !== "internal") return undefined;
      ctx.store.write(() => countTry(ctx.store, write));
      return write.tries + 1 < triesMost ? undefined : { error };
    }
  }
}

/** The broker may have taken it once, and would not know it any more: as in a home that is restored from an old backup. */
const tooOld = (): MeshError =>
  new MeshError("expired", "it waited for so long that it cannot be told whether it was sent once");

/** A write that was signed with keys that were replaced since, or by the device whose backup this home was restored from, is signed again, under the same id. */
function signedHere(ctx: DeviceContext, row: MembershipRow, write: PendingWrite): PendingWrite {
  const { signer } = ctx.secretOf(row);
  const { signed, ...input } = write.input;
  if (signed.author === signer.key && signed.device === row.device) return write;
  const { device } = row;
  const { id, at } = signed;
  const again = signRecord({ mesh: row.mesh, op: write.op, input }, { id, device, at }, signer);
  const resigned = { ...write, input: { ...input, signed: again } };
  ctx.store.write(() => resignPendingWrite(ctx.store, resigned));
  return resigned;
}
