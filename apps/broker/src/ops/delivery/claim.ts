import { limits, memberOf, sessionOf } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";

/** Gives the lease on a thread to one session of its recipient; it goes back when the session ends, or when nothing was claimed for `limits.leaseMs`. */
export const claim: Handler<"delivery.claim"> = async ({ message, session, thread }, ctx) => {
  const { actor, sessions, store } = ctx;
  const { mesh, member, device } = actor;
  const held = sessions.find(mesh, session);
  if (held?.member !== member || held.device !== device) {
    throw ctx.fail("not_found", "session: not attached by this device");
  }
  await requireAddressed(message, ctx);
  const key = thread ?? message;
  const at = ctx.now();
  const { granted, token, until, holder } = await store.write.claimLease({
    mesh,
    member,
    thread: key,
    device,
    session,
    at,
    until: at + limits.leaseMs,
  });
  return { granted, ...(granted ? { token: `${key}:${token}` } : {}), until, holder };
};

async function requireAddressed(
  message: Parameters<Handler<"delivery.claim">>[0]["message"],
  { actor, fail, sessions, store }: CallContext<"delivery.claim">,
): Promise<void> {
  const records = await store.read.message(actor.mesh, message);
  for (const { audience } of records) {
    if (memberOf(audience) === actor.member) return;
    const session = sessionOf(audience);
    if (session && sessions.find(actor.mesh, session)?.member === actor.member) return;
  }
  throw fail("not_found", "message: none of that id was addressed to you");
}
