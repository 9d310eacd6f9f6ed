import type { DeviceHandler } from "../../handler.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { listMemberships } from "../../store/memberships.ts";
import { readNotifications } from "../../store/notification-rows.ts";
import { findMessage } from "../message/find-message.ts";

/** Marks what names this member as read. */
export const read: DeviceHandler<"notification.read"> = async ({ mesh, id }, ctx) => {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const [only, ...others] = rows;
  const within = others.length === 0 ? only?.mesh : undefined;
  const message = id === undefined ? undefined : findMessage(ctx, within, id).id;
  const meshes = rows.map((row) => row.mesh);
  return {
    read: ctx.store.write(() => readNotifications(ctx.store, meshes, message, ctx.now())),
  };
};
