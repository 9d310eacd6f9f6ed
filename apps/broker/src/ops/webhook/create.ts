import { toBase64 } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { drawJobId, jobTarget, keepJob, requireMaySay } from "../../jobs/new-job.ts";
import { describeWebhook } from "../../jobs/webhook/spec.ts";

/** Makes a URL and the secret with which posts to it are signed; the secret is kept sealed, and told this once. */
export const create: Handler<"webhook.create"> = async (asked, ctx) => {
  requireMaySay(ctx);
  const { name } = asked;
  const id = drawJobId(ctx);
  const { secrets } = ctx.jobs.parts;
  const spec = JSON.stringify({ name, to: await jobTarget(asked.to, ctx) });
  const drawn = `whs_${toBase64(ctx.random(32))}`;
  const row = await keepJob(
    { id, kind: "webhook", lane: "said", dueAt: null, secret: secrets.seal(id, drawn), spec },
    ctx,
  );
  return { ...describeWebhook(row, ctx.publicUrl()), secret: drawn };
};
