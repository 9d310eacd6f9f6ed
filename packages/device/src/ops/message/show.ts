import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { inboxRow } from "../../store/inbox-rows.ts";
import { outboxRow } from "../../store/outbox-rows.ts";
import { describeMessage, findHere } from "./describe-message.ts";

/** A message that this home has, whole, as often as it is asked for. What a person is to look at first is not shown to agents. */
export const show: DeviceHandler<"message.show"> = async (input, ctx) => {
  const { row, found } = findHere(ctx, input);
  const { direction, mesh, with: other } = describeMessage(ctx, row, found);
  const stored =
    found.sender === undefined
      ? { ...outboxRow(ctx.store, found.id), guard: null }
      : inboxRow(ctx.store, row.mesh, found.sender, found.id);
  if (stored?.text === undefined || stored.created_at === undefined) {
    throw new MeshError("not_found", `there is no message ${found.id}`);
  }
  if (stored.guard === "undated" && ctx.agentSession !== undefined) {
    throw new MeshError("forbidden", "the message cannot be dated, so it is shown to people only");
  }
  if (stored.guard === "hold" && ctx.agentSession !== undefined) {
    throw new MeshError("forbidden", "the message is held until a person releases it");
  }
  if (stored.guard === "refuse") {
    throw new MeshError("not_found", "the message was turned away here; its text was not kept");
  }
  return {
    id: found.id,
    mesh,
    direction,
    with: other,
    text: stored.text,
    ...(stored.intent ? { intent: stored.intent } : {}),
    ...(stored.reply_to ? { replyTo: stored.reply_to } : {}),
    createdAt: stored.created_at,
  };
};
