import type { Handler } from "../../handler.ts";
import { describeStream } from "./found-stream.ts";
import { visibleStreams } from "./visible-streams.ts";

/** The streams for everyone, and those of topics that the caller is in. */
export const list: Handler<"stream.list"> = async (_input, ctx) => ({
  items: (await visibleStreams(ctx)).map(describeStream),
});
