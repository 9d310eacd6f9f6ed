import { type MemberId, memberOf, type Output } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";

/** Tells sender and recipient what the broker recorded; to anyone else there is no such message. */
export const status: Handler<"message.status"> = async ({ id }, ctx) => {
  const { actor, store } = ctx;
  const records = await store.read.message(actor.mesh, id);
  const own = records.find(({ sender }) => sender === actor.member);
  const record = own ?? records.find(({ audience }) => memberOf(audience) === actor.member);
  const to = record && memberOf(record.audience);
  if (record === undefined || to === undefined) {
    throw ctx.fail("not_found", `there is no message ${id} that you sent or received`);
  }
  const { seq, sender: from, acceptedAt, expiresAt, contentsDeletedAt, expired } = record;
  return {
    id,
    seq,
    from,
    to,
    acceptedAt,
    expiresAt,
    ...(contentsDeletedAt === null ? {} : { contentsDeletedAt }),
    expired,
    devices: await devicesOf(to, seq, ctx),
  };
};

async function devicesOf(
  member: MemberId,
  seq: number,
  { actor, store }: CallContext<"message.status">,
): Promise<Output<"message.status">["devices"]> {
  const rows = await store.read.devices(actor.mesh, member);
  return rows.map(({ cursorSeq, lastSeenAt }) => ({
    storedUpTo: cursorSeq,
    has: cursorSeq >= seq,
    lastSeenAt,
  }));
}
