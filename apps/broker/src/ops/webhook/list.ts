import type { Handler } from "../../handler.ts";
import { describeWebhook } from "../../jobs/webhook/spec.ts";

/** Every webhook of the mesh, without its secret. */
export const list: Handler<"webhook.list"> = async (_input, { actor, publicUrl, store }) => {
  const rows = await store.read.jobs(actor.mesh, { kind: "webhook" });
  return { items: rows.map((row) => describeWebhook(row, publicUrl())) };
};
