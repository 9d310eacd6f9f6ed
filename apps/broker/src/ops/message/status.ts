import {
  type DeviceId,
  everyone,
  type MemberId,
  memberOf,
  type Output,
  sessionOf,
} from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { withheldOf } from "../../log/withheld.ts";
import type { MessageRecord } from "../../store/port.ts";

type Context = CallContext<"message.status">;
type Status = Output<"message.status">;

/** Tells sender and recipients what the broker recorded; to anyone else there is no such message. */
export const status: Handler<"message.status"> = async ({ id }, ctx) => {
  const { actor, store } = ctx;
  const records = await store.read.message(actor.mesh, id);
  const placed = await Promise.all(
    records.map(async (record) => ({ record, to: await readersOf(record, ctx) })),
  );
  const found =
    placed.find(({ record }) => record.sender === actor.member) ??
    placed.find(
      ({ record, to }) =>
        withheldOf(record.audience) === undefined && to?.members.includes(actor.member),
    );
  const { record, to } = found ?? {};
  if (record === undefined || to === undefined) {
    throw ctx.fail("not_found", `there is no message ${id} that you sent or received`);
  }
  const { seq, sender: from, acceptedAt, expiresAt, contentsDeletedAt, expired } = record;
  return {
    id,
    seq,
    from,
    acceptedAt,
    expiresAt,
    ...(contentsDeletedAt === null ? {} : { contentsDeletedAt }),
    expired,
    ...(to.isShared ? await sharedState(record, to, ctx) : await directState(record, to, ctx)),
  };
};

interface Readers {
  readonly members: readonly MemberId[];
  readonly isShared: boolean;
  /** the one device that reads it, where it is for a session */
  readonly device?: DeviceId;
}

async function readersOf(
  record: MessageRecord,
  { actor, roster, store }: Context,
): Promise<Readers | undefined> {
  const audience = withheldOf(record.audience) ?? record.audience;
  const member = memberOf(audience);
  if (member !== undefined) return { members: [member], isShared: false };
  const session = sessionOf(audience);
  if (session !== undefined) {
    const attestation = (await store.read.session(actor.mesh, session))?.attestation;
    if (attestation === undefined) return undefined;
    return { members: [attestation.member], isShared: false, device: attestation.device };
  }
  const members =
    audience === everyone
      ? [...roster.members.keys()].filter((id) => roster.isMember(id))
      : await store.read.bearers(actor.mesh, audience, roster.memberCount);
  return { members, isShared: true };
}

/** Of one recipient: each of its devices. */
async function directState(
  { audience, seq }: MessageRecord,
  { members: [to], device }: Readers,
  { actor, store }: Context,
): Promise<Pick<Status, "to" | "devices">> {
  const rows = await store.read.devices(actor.mesh, to);
  const devices = rows
    .filter((row) => device === undefined || row.device === device)
    .map(({ cursorSeq, lastSeenAt }) => ({
      lastSeenAt,
      // What is withheld is at no device: to its sender that is as if they had been away since.
      cursorSeq: withheldOf(audience) === undefined ? cursorSeq : Math.min(cursorSeq, seq - 1),
    }))
    .map(({ cursorSeq, lastSeenAt }) => ({
      storedUpTo: cursorSeq,
      has: cursorSeq >= seq,
      lastSeenAt,
    }));
  return { to: to as MemberId, devices };
}

/** Of many: how many of them have it. */
async function sharedState(
  { audience, sender, seq }: MessageRecord,
  { members }: Readers,
  { actor, store }: Context,
): Promise<Pick<Status, "to" | "audience" | "members" | "devices">> {
  const rows = await store.read.devices(actor.mesh);
  const ahead = new Set(rows.flatMap((row) => (row.cursorSeq >= seq ? row.member : [])));
  const others = members.filter((member) => member !== sender);
  const have = others.filter((member) => ahead.has(member)).length;
  return { to: sender, audience, members: { have, of: others.length }, devices: [] };
}
