import type { Handler } from "../../handler.ts";
import { requireClose } from "../../rosters.ts";
import { foundStream } from "./found-stream.ts";

/** Hands an item to who listens right now, on any node. Its seal and signature are for them: the broker cannot read it. */
export const publish: Handler<"stream.publish"> = async ({ item }, ctx) => {
  const { actor, now, streams } = ctx;
  const { device, member, mesh } = actor;
  if (item.mesh !== mesh) throw ctx.fail("malformed", "item.mesh: not the connection's mesh");
  if (item.member !== member || item.device !== device) {
    throw ctx.fail("forbidden", "item.member: one publishes in one's own name only");
  }
  requireClose(item.at, now());
  const { role } = await foundStream({ name: item.stream, topic: item.topic }, ctx);
  if (role === "observer") throw ctx.fail("forbidden", "item.topic: observers publish nothing");
  streams.publish(item);
  return {};
};
