import { MeshError } from "@claudemesh/protocol";
import type { SqliteWriteFn } from "../write-context.ts";

export const ack: SqliteWriteFn<"ack"> = ({ cursors, log }, input) => {
  const { mesh, position } = cursors.acknowledge(input);
  const receipts = input.receipts.map((receipt) => {
    if (receipt.mesh !== input.mesh) {
      throw new MeshError("malformed", `receipt ${receipt.id} is of another mesh`);
    }
    return log.appendMessage(mesh, receipt);
  });
  return { position, receipts };
};
