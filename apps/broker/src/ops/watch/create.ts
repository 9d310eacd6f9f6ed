import { MeshError } from "@claudemesh/protocol";
import { requireHeaders } from "../../guarded-fetch/guarded-fetch.ts";
import type { Handler } from "../../handler.ts";
import { drawJobId, jobTarget, keepJob, requireMaySay } from "../../jobs/new-job.ts";
import { requirePath } from "../../jobs/watch/see.ts";
import { describeWatch, type WatchSpec } from "../../jobs/watch/spec.ts";

type Asked = Parameters<Handler<"watch.create">>[0];

const minute = 60_000;

/** Keeps what is to be watched and looks at it at once. The values of headers are sealed. */
export const create: Handler<"watch.create"> = async (asked, ctx) => {
  requireMaySay(ctx);
  const { mode = "hash", on = "change", headers = {}, url, id = drawJobId(ctx) } = asked;
  await requireFitting({ ...asked, mode, on });
  ctx.jobs.parts.fetch.check(url);
  requireHeaders(headers);
  const names = Object.keys(headers);
  const spec: WatchSpec = {
    name: asked.name ?? "watch",
    url,
    everyMs: asked.everyMs ?? minute,
    mode,
    on,
    ...(mode === "json" ? { path: asked.path ?? "$" } : {}),
    ...(asked.value === undefined ? {} : { value: asked.value }),
    headers: names,
    to: await jobTarget(asked.to, ctx),
  };
  const { secrets } = ctx.jobs.parts;
  const secret = names.length === 0 ? null : secrets.seal(id, JSON.stringify(headers));
  const row = { id, kind: "watch", lane: "outside", dueAt: ctx.now(), secret } as const;
  return describeWatch(await keepJob({ ...row, spec: JSON.stringify(spec) }, ctx));
};

/** Throws `malformed` for what does not go together. */
async function requireFitting({ mode, on, path, value }: Asked): Promise<void> {
  if (mode !== "json" && path !== undefined) {
    throw new MeshError("malformed", "path: it is for the mode json alone");
  }
  if ((on === "change") === (value !== undefined)) {
    throw new MeshError("malformed", "value: match and not_match need one, change takes none");
  }
  if (mode === "hash" && on !== "change") {
    throw new MeshError("malformed", "on: of a whole body only its change is told");
  }
  if (path !== undefined) await requirePath(path);
}
