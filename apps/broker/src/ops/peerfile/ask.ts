import { verifyPeerAsk } from "@claudemesh/crypto/verify";
import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";

/** Passes a sealed request on to a member's devices and their answer back. Only whom that member lets read its files gets one. */
export const ask: Handler<"peerfile.ask"> = async ({ ask: asked }, ctx) => {
  const { actor, connections, grants, now, peerAsks, roster } = ctx;
  const { from, mesh, to } = asked;
  const key = roster.members.get(actor.member)?.keys.sign;
  if (mesh !== actor.mesh || from !== actor.member || asked.author !== key || key === undefined) {
    throw ctx.fail("forbidden", "ask: only a member's own requests of this mesh are passed on");
  }
  verifyPeerAsk(asked, key);
  if (Math.abs(asked.at - now()) > limits.clockSkewMs) {
    throw ctx.fail("malformed", "ask.at: the clocks differ too much");
  }
  if (!roster.isMember(to)) throw ctx.fail("not_found", "ask.to: nobody of that id is in the mesh");
  const held = await grants.of(mesh);
  if (to !== from && !held.allowed(roster, to, from).includes("file-read")) {
    throw ctx.fail("forbidden", "the peer does not let you read its files", {
      hint: "it allows that with: claudemesh grant <you> file-read",
    });
  }
  const answer = peerAsks.wait(asked);
  // Told after the waiting has begun: an answer may come at once.
  if (!connections.tellMember(mesh, to, { type: "event", kind: "file_asked", ask: asked })) {
    answer.catch(() => {});
    throw ctx.fail("not_found", "the peer is not online");
  }
  return { answer: await answer };
};
