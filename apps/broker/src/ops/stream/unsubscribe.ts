import type { Handler } from "../../handler.ts";

export const unsubscribe: Handler<"stream.unsubscribe"> = async ({ name, topic }, ctx) => {
  const { actor, caller, streams } = ctx;
  streams.unsubscribe(caller.connection, { mesh: actor.mesh, name, topic });
  return { name };
};
