import type { EdgeOpName, Op, OpenOutput, OpenParsed } from "@claudemesh/protocol";
import type { DeviceContext } from "./context.ts";

/** Answers one operation at the edge: parsed input in, opened output out. */
export type DeviceHandler<N extends EdgeOpName> = (
  input: OpenParsed<N>,
  ctx: DeviceContext,
) => Promise<OpenOutput<N>>;

/** Operations whose view at the edge is their own; the others pass through to the broker. */
export type HandledOp = {
  [N in EdgeOpName]: Op<N> extends { readonly open: object } ? N : never;
}[EdgeOpName];

/** One handler per operation with an opened view: a missing one does not compile. */
export type DeviceHandlers = { readonly [N in HandledOp]: DeviceHandler<N> };
