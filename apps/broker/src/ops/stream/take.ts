import type { Handler } from "../../handler.ts";

/** What has come over the streams of this connection. */
export const take: Handler<"stream.take"> = async ({ waitMs }, { caller, streams }) => ({
  items: await streams.take(caller.connection, waitMs),
});
