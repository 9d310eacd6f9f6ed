import type { Handler } from "../../handler.ts";
import { foundStream } from "./found-stream.ts";

/** What comes over the stream from now on waits for this connection, until it ends. */
export const subscribe: Handler<"stream.subscribe"> = async ({ name, topic }, ctx) => {
  const { actor, caller, streams } = ctx;
  await foundStream({ name, topic }, ctx);
  streams.subscribe(caller.connection, actor, { mesh: actor.mesh, name, topic });
  return { name };
};
