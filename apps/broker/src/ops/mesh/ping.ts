import type { Handler } from "../../handler.ts";
import { isToSelf, requireOwn } from "../message/envelope-checks.ts";
import { staleRoster } from "../message/stale.ts";

/** A probe is of no use to anyone after its sender has given up waiting. */
const probeTtlMs = 10 * 60_000;

/** Takes the way of a message: through the log, and back on the sender's own feed. */
export const ping: Handler<"mesh.ping"> = async ({ probe }, ctx) => {
  const { actor, roster, store } = ctx;
  const { header, sig } = probe;
  const receivedAt = ctx.now();
  requireOwn(probe, actor, receivedAt);
  if (header.kind !== "probe") {
    throw ctx.fail("malformed", "probe.header.kind: must be probe");
  }
  if (!isToSelf(probe, actor)) {
    throw ctx.fail("malformed", "probe.header.to: a probe goes to its sender");
  }
  const outcome = await store.write.appendMessage({
    mesh: actor.mesh,
    sender: actor.member,
    id: header.id,
    digest: sig,
    audience: header.to,
    kind: "message",
    body: JSON.stringify(probe),
    rosterSeq: header.head.seq,
    at: receivedAt,
    expiresAt: receivedAt + probeTtlMs,
  });
  if (outcome.result === "stale") throw staleRoster(roster, outcome.barrier);
  if (outcome.result !== "accepted") {
    throw ctx.fail("malformed", "probe.header.id: used already for another message");
  }
  return { seq: outcome.seq, receivedAt, repliedAt: ctx.now() };
};
