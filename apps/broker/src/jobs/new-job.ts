import { uuidv4 } from "@claudemesh/crypto/verify";
import { type Audience, audienceOf, type JobId, limits, MeshError } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../handler.ts";
import { postTarget } from "../ops/message/post-target.ts";
import type { JobKind, JobRow } from "../store/jobs-port.ts";
import { whyNotSaid } from "./say.ts";

type Context = MemberContext &
  Pick<Services, "displayNames" | "jobs" | "now" | "random" | "rosters" | "store">;

/** Throws `forbidden` where the mesh takes nothing that nobody signed. */
export function requireMaySay(ctx: MemberContext): void {
  const why = whyNotSaid(ctx);
  if (why === undefined) return;
  throw new MeshError("forbidden", why, { detail: { reason: "require_e2e" } });
}

/** Whom a job tells: by a name, or its author. Throws as `postTarget`. */
export const jobTarget = async (to: string | undefined, ctx: Context): Promise<Audience> =>
  to === undefined ? audienceOf(ctx.actor.member) : await postTarget(to, ctx);

export const drawJobId = ({ random }: Pick<Services, "random">): JobId =>
  `job_${uuidv4(random)}` as JobId;

const mostOf = { schedule: limits.schedules, watch: limits.watches, webhook: limits.webhooks };

/** Keeps a new job and has it done. Asked again with the same id it answers what there is. Throws `conflict` for an id that is another's, `exhausted` where there are too many. */
export async function keepJob(
  job: Pick<JobRow, "dueAt" | "id" | "lane" | "secret" | "spec"> & {
    readonly kind: Exclude<JobKind, "clock">;
  },
  ctx: Context,
): Promise<JobRow> {
  const { actor, jobs, now, store } = ctx;
  const row: JobRow = {
    ...job,
    mesh: actor.mesh,
    author: actor.member,
    state: "{}",
    createdAt: now(),
    plannedAt: job.dueAt,
    fails: 0,
    stopped: null,
  };
  const kept = await store.write.putJob({ ...row, most: mostOf[job.kind], at: row.createdAt });
  if (kept === "full") {
    const message = `the mesh has ${mostOf[job.kind]} of these already`;
    throw new MeshError("exhausted", message);
  }
  if (kept === "kept") {
    jobs.kept(row);
    return row;
  }
  const there = await store.read.job(job.id);
  if (there?.mesh === actor.mesh && there.author === actor.member && there.kind === job.kind) {
    return there;
  }
  throw new MeshError("conflict", "id: in use already");
}
