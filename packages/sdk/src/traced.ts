import { callTree } from "./call-tree.ts";
import type { Client } from "./types.ts";

/** The same connection for a caller with a trace of its own (W3C `traceparent`), of which each call is a part. */
export function traced(client: Client, trace: string): Client {
  const call: Client["call"] = (name, input, how) => client.call(name, input, { trace, ...how });
  return { ...client, ...callTree(call), call };
}
