import {
  type Input,
  methodTree,
  type Output,
  type WireOpName,
  wireOpNames,
} from "@claudemesh/protocol";
import type { CallOptions, Client } from "./types.ts";

type Calls = {
  [N in WireOpName]: (input: Input<N>, options?: CallOptions) => Promise<Output<N>>;
};

/** The same connection for a caller with a trace of its own (W3C `traceparent`), of which each call is a part. */
export function traced(client: Client, trace: string): Client {
  const call: Client["call"] = (name, input, how) => client.call(name, input, { trace, ...how });
  return {
    ...client,
    ...methodTree<WireOpName, Calls>(
      wireOpNames,
      <N extends WireOpName>(name: N) =>
        ((input: Input<N>, how?: CallOptions) => call(name, input, how)) as Calls[N],
    ),
    call,
  };
}
