import { hello } from "./hello.ts";
import type { RouteHandler } from "./route-handler.ts";

/** How the daemon and each of its meshes stand. */
export const status: RouteHandler<"status"> = async (input, caller, ctx) => {
  const { rss, heapUsed } = ctx.memory();
  return {
    ...(await hello(input, caller, ctx)),
    uptimeMs: Math.max(0, ctx.now() - ctx.startedAt),
    memory: { rssBytes: rss, heapBytes: heapUsed },
    readers: ctx.readers.size,
    meshes: ctx.device.standing().map(({ hint: _forAgents, link, ...mesh }) => ({
      ...mesh,
      ...countOf(ctx.peers.of(mesh.id)),
      link: link?.link ?? "connecting",
      since: link?.since ?? ctx.startedAt,
      connects: link?.connects ?? 0,
      ...(link?.reason === undefined ? {} : { reason: link.reason }),
      ...(link?.retryAt === undefined ? {} : { retryAt: link.retryAt }),
    })),
  };
};

const countOf = (peers: number | undefined) => (peers === undefined ? {} : { peers });
