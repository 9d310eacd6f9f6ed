import type { DeviceHandler } from "../../handler.ts";
import { describeMessage, findHere } from "./describe-message.ts";
import { refreshReceipts } from "./refresh-receipts.ts";

/** How far a message has got; receipts that wait at the broker are fetched first where it can be reached. */
export const status: DeviceHandler<"message.status"> = async (input, ctx) => {
  const { row, found } = findHere(ctx, input);
  await refreshReceipts(ctx, row);
  return describeMessage(ctx, row, found);
};
