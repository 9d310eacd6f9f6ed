import { uuidv4 } from "@claudemesh/crypto";
import { type JobId, limits, MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { jobTarget, targetName } from "../../jobs/job-target.ts";
import { targetMesh } from "../target-mesh.ts";

/** Has the broker look at a URL again and again. */
export const create: DeviceHandler<"watch.create"> = async (asked, ctx) => {
  const { mesh, to, header, every: everyMs, ...what } = asked;
  const row = targetMesh(ctx, mesh);
  if (everyMs < limits.watchEveryMs || everyMs > limits.watchEveryMostMs) {
    throw new MeshError("malformed", "every: from 5s to 24h", { detail: { field: "every" } });
  }
  const headers = header === undefined ? undefined : headersOf(header);
  const id = `job_${uuidv4(ctx.random)}` as JobId;
  return await ctx.links.using(row, async (link) => {
    const target = await jobTarget(ctx, row, link, to);
    const made = await link.client.watch.create({
      ...defined(what),
      id,
      everyMs,
      ...(headers === undefined ? {} : { headers }),
      ...(target === undefined ? {} : { to: target }),
    });
    const { id: meshId, slug } = { id: row.mesh, slug: row.slug };
    return { ...made, to: targetName(ctx, row, made.to), mesh: { id: meshId, slug } };
  });
};

/** Header fields as they stand in a request, one per line. Throws `malformed` without quoting them: a value may be a secret. */
function headersOf(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(":");
      if (at > 0) return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      throw new MeshError("malformed", "header: expected lines such as authorization: Bearer …");
    }),
  );
}

/** Without what was left out. */
const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
