import type { Handler } from "../../handler.ts";

/** Only the device that has a session ends it; repeating it changes nothing. */
export const detach: Handler<"session.detach"> = async ({ session }, ctx) => {
  const { actor, sessions, store } = ctx;
  const known = await store.read.session(actor.mesh, session);
  const { member, device } = known?.attestation ?? {};
  if (member !== actor.member || device !== actor.device) return { session, ended: false };
  const ended = await store.write.endSession({ mesh: actor.mesh, session, at: ctx.now() });
  sessions.detach(actor, session);
  return { session, ended };
};
