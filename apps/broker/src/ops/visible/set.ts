import type { Handler } from "../../handler.ts";

/** Of one session of the caller's device, or of the device where it has none. */
export const set: Handler<"visible.set"> = async ({ session, visible }, ctx) => {
  const { actor, presence, sessions } = ctx;
  if (session === undefined) {
    presence.change(actor, { visible });
    return { sessions: 0 };
  }
  const changed = sessions.change(actor, session, { visible });
  if (changed === 0) throw ctx.fail("not_found", "session: not attached by this device");
  return { sessions: changed };
};
