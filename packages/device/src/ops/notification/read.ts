import { MeshError, type MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { readNotifications } from "../../store/notification-rows.ts";
import { findMessage } from "../message/find-message.ts";

/** Marks what names this member as read, here and in the list that its API keys are shown. */
export const read: DeviceHandler<"notification.read"> = async ({ mesh, id }, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const [only, ...others] = rows;
  const within = others.length === 0 ? only?.mesh : undefined;
  const message = id === undefined ? undefined : findMessage(ctx, within, id);
  const meshes = message === undefined ? rows.map((row) => row.mesh) : [message.mesh];
  const count = ctx.store.write(() => readNotifications(ctx.store, meshes, message?.id, ctx.now()));
  const concerned = rows.filter((row) => meshes.includes(row.mesh));
  await Promise.all(concerned.map((row) => tellBroker(ctx, row, message?.id)));
  return { read: count };
};

/** The broker's list is its own: out of reach it stays as it is, and what this home shows is right all the same. */
async function tellBroker(
  ctx: DeviceContext,
  row: MembershipRow,
  id: MessageId | undefined,
): Promise<void> {
  try {
    await ctx.links.using(row, ({ client }) => client.notification.read(id ? { id } : {}));
  } catch (error) {
    const isUnknown = error instanceof MeshError && error.code === "not_found";
    if (!isUnknown && !isUnreachable(error)) throw error;
  }
}
