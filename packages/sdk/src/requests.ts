import {
  type Input,
  isWireOp,
  MeshError,
  type Output,
  ops,
  parse,
  type Receipt,
  ReceiptReply,
  type WireOpName,
} from "@claudemesh/protocol";
import type { Request } from "./pending-call.ts";

/** The call of an operation. Only queries may be repeated when it is not known whether the broker carried them out. */
export function callRequest<N extends WireOpName>(name: N, input: Input<N>): Request<Output<N>> {
  if (!isWireOp(name)) {
    throw new MeshError("not_found", `the broker has no operation ${String(name).slice(0, 64)}`);
  }
  const declared = ops[name];
  return {
    what: name,
    repeatable: declared.kind === "query",
    frame: (id) => ({ type: "call", id, op: name, input }),
    read: (output) => answer(() => parse(declared.output, output, "output") as Output<N>, name),
  };
}

/** What is durable here. It is repeatable: a position only rises, and a receipt counts once. */
export function receiptRequest(
  stored: { seq?: number; receipts?: readonly Receipt[] },
  refuse: () => MeshError | undefined,
): Request<ReceiptReply> {
  const { seq, receipts = [] } = stored;
  return {
    what: "receipt",
    repeatable: true,
    frame: (id) => ({
      type: "receipt",
      id,
      ...(seq === undefined ? {} : { ack: seq }),
      receipts: [...receipts],
    }),
    read: (output) => answer(() => parse(ReceiptReply, output, "output"), "receipt"),
    refuse,
  };
}

function answer<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof MeshError ? error.message : "not readable";
    throw new MeshError("malformed", `the broker's answer to ${what} is not valid: ${reason}`, {
      detail: { operation: what },
      cause: error,
    });
  }
}
