import type { Handler } from "../../handler.ts";

/** The caller's own devices, those without a feed included, the newest first. */
export const list: Handler<"device.list"> = async (_input, { actor, connections, store }) => {
  const seen = await store.read.memberDevices(actor.mesh, actor.member);
  return {
    items: seen.map(({ device, firstSeenAt, lastSeenAt }) => ({
      device,
      firstSeenAt,
      lastSeenAt,
      online: connections.hasFeed(actor.mesh, actor.member, device),
    })),
  };
};
