import type { Handler } from "../../handler.ts";

/** Takes a device's answer to the member who waits for it. */
export const answer: Handler<"peerfile.answer"> = async ({ answer: said }, ctx) => {
  const { actor, peerAsks } = ctx;
  if (said.mesh !== actor.mesh || said.from !== actor.member) {
    throw ctx.fail("forbidden", "answer: only a member's own answers are passed on");
  }
  peerAsks.settle(said);
  return {};
};
