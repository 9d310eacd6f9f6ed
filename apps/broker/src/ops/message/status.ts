import {
  type Audience,
  type DeviceId,
  type MemberId,
  memberOf,
  type Output,
  sessionOf,
} from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";

type Context = CallContext<"message.status">;

/** Tells sender and recipient what the broker recorded; to anyone else there is no such message. */
export const status: Handler<"message.status"> = async ({ id }, ctx) => {
  const { actor, store } = ctx;
  const records = await store.read.message(actor.mesh, id);
  const placed = await Promise.all(
    records.map(async (record) => ({ record, to: await recipientOf(record.audience, ctx) })),
  );
  const found =
    placed.find(({ record }) => record.sender === actor.member) ??
    placed.find(({ to }) => to?.member === actor.member);
  const { record, to } = found ?? {};
  if (record === undefined || to === undefined) {
    throw ctx.fail("not_found", `there is no message ${id} that you sent or received`);
  }
  const { seq, sender: from, acceptedAt, expiresAt, contentsDeletedAt, expired } = record;
  return {
    id,
    seq,
    from,
    to: to.member,
    acceptedAt,
    expiresAt,
    ...(contentsDeletedAt === null ? {} : { contentsDeletedAt }),
    expired,
    devices: await devicesOf(to, seq, ctx),
  };
};

interface Recipient {
  readonly member: MemberId;
  /** the one device that reads it, where it is for a session */
  readonly device?: DeviceId;
}

async function recipientOf(audience: Audience, ctx: Context): Promise<Recipient | undefined> {
  const member = memberOf(audience);
  if (member !== undefined) return { member };
  const session = sessionOf(audience);
  return session && (await ctx.store.read.session(ctx.actor.mesh, session))?.attestation;
}

async function devicesOf(
  { member, device }: Recipient,
  seq: number,
  { actor, store }: Context,
): Promise<Output<"message.status">["devices"]> {
  const rows = await store.read.devices(actor.mesh, member);
  return rows
    .filter((row) => device === undefined || row.device === device)
    .map(({ cursorSeq, lastSeenAt }) => ({
      storedUpTo: cursorSeq,
      has: cursorSeq >= seq,
      lastSeenAt,
    }));
}
