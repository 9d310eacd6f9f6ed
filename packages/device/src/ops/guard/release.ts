import { MeshError, type MeshId, type MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { releaseMessage, releaseThread } from "../../guards/release.ts";
import { causeOf } from "../../guards/thread-of.ts";
import type { DeviceHandler } from "../../handler.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { threadsLike } from "../../store/guard-rows.ts";
import { listMemberships } from "../../store/memberships.ts";
import { findMessage } from "../message/find-message.ts";
import { requirePerson } from "./only-people.ts";

/** Lets a thread go on that was stopped, or shows a message that is held; the id is that of the thread, or of any message in it. */
export const release: DeviceHandler<"guard.release"> = async ({ mesh, id: typed }, ctx) => {
  requirePerson(ctx, "release what a guard has stopped");
  const all = listMemberships(ctx.store);
  const wanted = mesh === undefined ? undefined : resolveMesh(mesh, all).mesh;
  const { id, thread, mesh: found } = meant(ctx, wanted, typed);
  const row = all.find((one) => one.mesh === found);
  if (row === undefined) throw new MeshError("not_found", "this home has left the thread's mesh");
  const approved = releaseMessage(ctx, row, id);
  const { restarted, released } = releaseThread(ctx, row, thread);
  if (!restarted && approved.length + released.length === 0) {
    throw new MeshError("not_found", `id: nothing is held or stopped under ${typed}`, {
      hint: "see what is: claudemesh guard status",
    });
  }
  return {
    mesh: { id: row.mesh, slug: row.slug },
    thread,
    restarted,
    released: [...approved, ...released],
  };
};

interface Meant {
  readonly id: MessageId;
  readonly thread: MessageId;
  readonly mesh: MeshId;
}

/** A thread that the guards know goes before a message: its first message need not be here. */
function meant(ctx: DeviceContext, mesh: MeshId | undefined, typed: string): Meant {
  const bare = typed.trim().toLowerCase().replace(/^msg_/, "");
  const threads = /^[0-9a-f-]{4,36}$/.test(bare) ? threadsLike(ctx.store, mesh, bare) : [];
  const [one, ...others] = threads;
  if (others.length > 0) {
    throw new MeshError("ambiguous", `id: ${typed} fits ${threads.length} threads`, {
      hint: "give more of the id",
      detail: { ids: threads.slice(0, 20).map(({ thread }) => thread) },
    });
  }
  if (one !== undefined) return { id: one.thread, thread: one.thread, mesh: one.mesh };
  const found = findMessage(ctx, mesh, typed);
  const thread = causeOf(ctx.store, found.mesh, found.id)?.thread ?? found.id;
  return { id: found.id, thread, mesh: found.mesh };
}
