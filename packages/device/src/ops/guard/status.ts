import type { OpenOutput } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { guardedSenders, stoppedThreads } from "../../store/guard-rows.ts";
import { heldRows } from "../../store/held-rows.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";

type Status = OpenOutput<"guard.status">;
type OfMesh = Omit<Status, "limits">;

/** What the guards allow, what people decided, and what is held or stopped in one mesh or all. */
export const status: DeviceHandler<"guard.status"> = async ({ mesh }, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const parts = rows.map((row) => ofMesh(ctx, row));
  return {
    limits: ctx.guards,
    senders: parts.flatMap(({ senders }) => senders),
    held: parts.flatMap(({ held }) => held),
    stopped: parts.flatMap(({ stopped }) => stopped),
  };
};

function ofMesh(ctx: DeviceContext, row: MembershipRow): OfMesh {
  const { store } = ctx;
  const mesh = { id: row.mesh, slug: row.slug };
  const names = namedMembers(store, row.mesh, ctx.rosters.of(row.mesh));
  const named = (member: Status["held"][number]["from"]["member"]) => ({
    member,
    name: names.get(member)?.name ?? member,
  });
  return {
    senders: guardedSenders(store, row.mesh).map(({ member, rule, at }) => ({
      ...named(member),
      mesh,
      rule,
      at,
    })),
    held: heldRows(store, row.mesh).map((held) => ({
      id: held.id,
      mesh,
      from: named(held.sender),
      reason: held.guard_reason ?? "",
      thread: held.thread ?? held.id,
      ...(held.hop === null ? {} : { hop: held.hop }),
      chars: held.text.length,
      receivedAt: held.received_at,
    })),
    stopped: stoppedThreads(store, row.mesh).map(({ thread, hops, stopped_at }) => ({
      thread,
      mesh,
      hops,
      at: stopped_at,
    })),
  };
}
