import type { MemberId, MeshId, OpenOutput } from "@claudemesh/protocol";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { plainAuthor } from "../../plain/author.ts";
import { type InboxRow, inboxRow } from "../../store/inbox-rows.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { outboxRow } from "../../store/outbox-rows.ts";
import { addressee } from "./addressee.ts";
import { type FoundMessage, findMessage } from "./find-message.ts";

type Status = OpenOutput<"message.status">;

/** The membership and message that an id names, in any of this home's meshes unless one is named. */
export function findHere(
  ctx: DeviceContext,
  input: { readonly mesh?: string | undefined; readonly id: string },
): { row: MembershipRow; found: FoundMessage } {
  const all = listMemberships(ctx.store);
  const mesh: MeshId | undefined =
    input.mesh === undefined ? undefined : resolveMesh(input.mesh, all).mesh;
  const found = findMessage(ctx, mesh, input.id);
  const row = all.find((one) => one.mesh === found.mesh);
  if (row === undefined) throw new MeshError("not_found", "this home has left the message's mesh");
  return { row, found };
}

function receivedState(got: InboxRow): Pick<Status, "state" | "reason"> {
  const { guard, guard_reason: reason, handed_at: handed, held } = got;
  if (guard === null && handed !== null) {
    if (got.answered_at !== null) return { state: "answered" };
    return { state: got.seen_at === null ? "offered" : "in_context" };
  }
  if (guard === null) return held === null ? { state: "stored" } : { state: "held", reason: held };
  return {
    state: guard === "hold" ? "held" : "refused",
    ...(reason === null ? {} : { reason }),
  };
}

/** How far a message has got, by what this home has verified. */
export function describeMessage(
  ctx: DeviceContext,
  row: MembershipRow,
  found: FoundMessage,
): Status {
  const names = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  const mesh = { id: row.mesh, slug: row.slug };
  if (found.sender === undefined) {
    const sent = outboxRow(ctx.store, found.id);
    if (sent === undefined) throw new MeshError("not_found", `there is no message ${found.id}`);
    const { state, updated_at: at, way, reason, seq } = sent;
    return {
      id: found.id,
      mesh,
      direction: "sent",
      state,
      ...addressee(ctx.store, sent, names),
      at,
      ...(way === null ? {} : { way }),
      ...(reason === null ? {} : { reason }),
      ...(seq === null ? {} : { seq }),
    };
  }
  const got = inboxRow(ctx.store, row.mesh, found.sender, found.id);
  if (got === undefined) throw new MeshError("not_found", `there is no message ${found.id}`);
  return {
    id: found.id,
    mesh,
    direction: "received",
    ...receivedState(got),
    with: writerOf(got, names),
    at: got.handed_at ?? got.received_at,
    ...(got.handed_at === null || got.guard !== null ? {} : { way: got.handed_way ?? "cli" }),
    seq: got.seq,
  };
}

function writerOf({ plain, sender }: InboxRow, names: ReadonlyMap<MemberId, NamedMember>) {
  const author = plainAuthor(plain);
  if (author === undefined) return { member: sender, name: names.get(sender)?.name ?? sender };
  return { name: `${author.name} (via the broker, unverified)` };
}
