import type { Roster } from "@claudemesh/crypto/verify";
import {
  audienceOf,
  MeshError,
  type Receipt,
  type ReceiptFrame,
  type ReceiptReply,
} from "@claudemesh/protocol";
import type { z } from "zod";
import type { Actor, Services } from "../handler.ts";
import type { LogPosition, MessageAppend } from "../store/port.ts";
import type { Cursors } from "./cursor.ts";

/** Moves the actor's device forward and appends its receipts, in one write. Throws `malformed`, `no_recipient`, `conflict`, `cursor_invalid`. */
export async function acknowledge(
  services: Services,
  cursors: Cursors,
  actor: Actor,
  frame: z.infer<typeof ReceiptFrame>,
): Promise<ReceiptReply> {
  const { config, now, rosters, store } = services;
  const roster = await rosters.open(actor.mesh);
  if (!roster.isMember(actor.member)) {
    throw new MeshError("not_member", "the caller is not a member of the mesh any more");
  }
  const at = now();
  if (frame.ack === undefined && frame.receipts.length === 0) {
    const position = await standing(services, actor, at);
    if (position !== undefined)
      return { cursor: cursors.seal(actor.mesh, position), seq: position.seq };
  }
  const expiresAt = at + config.directTtlMs;
  await requireOwnSessions(frame.receipts, actor, services);
  const receipts = frame.receipts
    .filter((receipt, at) => reaches(receipt, at, actor, roster))
    .map((receipt) => toAppend(receipt, at, expiresAt));
  const outcome = await store.write.ack({
    mesh: actor.mesh,
    member: actor.member,
    device: actor.device,
    seq: frame.ack ?? null,
    receipts,
    at,
    retiredBefore: at - config.deviceRetiredMs,
  });
  if (outcome.receipts.some(({ result }) => result === "conflict")) {
    throw new MeshError("conflict", "receipts: an id was used already for another receipt");
  }
  const { position } = outcome;
  return { cursor: cursors.seal(actor.mesh, position), seq: position.seq };
}

/** how stale a device's last sign of life may get before an empty frame, which only asks whether the line is alive, is worth a write */
const seenMs = 3_600_000;

/** Where a device stands that was seen lately. */
async function standing(
  { store }: Services,
  { mesh, member, device }: Actor,
  at: number,
): Promise<LogPosition | undefined> {
  const rows = await store.read.devices(mesh, member);
  const own = rows.find((row) => row.device === device);
  if (own === undefined || at - own.lastSeenAt > seenMs) return undefined;
  return await store.read.position(mesh, own.cursorSeq);
}

/** Whether anyone can read a receipt: one for who has left is not kept. Throws unless it is the actor's own and for someone of the mesh. */
function reaches(receipt: Receipt, at: number, actor: Actor, roster: Roster): boolean {
  const { mesh, member, device, to } = receipt;
  if (mesh !== actor.mesh || member !== actor.member || device !== actor.device) {
    throw new MeshError("malformed", `receipts.${at}: not of the connection's member and device`);
  }
  if (!roster.members.has(to)) {
    throw new MeshError("no_recipient", `receipts.${at}.to: never was in the mesh`);
  }
  return roster.isMember(to);
}

/** Throws `forbidden` unless every session that speaks in a receipt is one that this device has had. */
async function requireOwnSessions(
  receipts: readonly Receipt[],
  actor: Actor,
  { sessions, store }: Services,
): Promise<void> {
  const { mesh, member, device } = actor;
  for (const [at, { session }] of receipts.entries()) {
    if (session === undefined) continue;
    const live = sessions.find(mesh, session);
    const owner = live ?? (await store.read.session(mesh, session))?.attestation;
    if (owner?.member === member && owner.device === device) continue;
    throw new MeshError("forbidden", `receipts.${at}.session: not a session of this device`);
  }
}

const toAppend = (receipt: Receipt, at: number, expiresAt: number): MessageAppend => ({
  mesh: receipt.mesh,
  sender: receipt.member,
  id: receipt.id,
  digest: receipt.sig,
  audience: audienceOf(receipt.to),
  kind: "receipt",
  body: JSON.stringify(receipt),
  rosterSeq: null,
  at,
  expiresAt,
});
