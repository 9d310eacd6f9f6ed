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

/** Every operation of the wire as a method, by way of `call`. */
export const callTree = (call: Client["call"]) =>
  methodTree<WireOpName, Calls>(
    wireOpNames,
    <N extends WireOpName>(name: N) =>
      ((input: Input<N>, how?: CallOptions) => call(name, input, how)) as Calls[N],
  );
