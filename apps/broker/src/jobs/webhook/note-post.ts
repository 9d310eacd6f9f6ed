import { type JobRun, limits } from "@claudemesh/protocol";
import type { MemberContext } from "../../handler.ts";
import type { JobRow } from "../../store/jobs-port.ts";
import type { JobParts } from "../context.ts";
import { tellAuthor } from "../say.ts";

/** Keeps what became of the last post to a webhook; its author hears of the first failure, and of the one after which it takes no more. Of posts at the same moment one is kept. */
export async function notePost(
  job: JobRow,
  { name, ok, said }: Pick<JobRun, "ok" | "said"> & { readonly name: string },
  author: MemberContext,
  parts: JobParts,
): Promise<void> {
  const at = parts.now();
  const fails = ok ? 0 : job.fails + 1;
  const isOver = fails >= limits.jobFails;
  const last: JobRun = { at, ok, said: said.slice(0, 300) };
  const text = isOver
    ? `webhook ${name} takes nothing more: ${said}. It failed ${fails} times in a row.`
    : `webhook ${name} failed: ${said}.`;
  const told = { job: job.id, name, subtype: "webhook", text } as const;
  const isTold = isOver || fails === 1;
  await parts.store.write.settleJob({
    ...{ mesh: job.mesh, id: job.id, dueAt: null, was: job.state, at },
    next: {
      dueAt: null,
      state: JSON.stringify({ last }),
      fails,
      stopped: isOver ? last.said : null,
    },
    entries: isTold ? [await tellAuthor(told, parts, author)] : [],
  });
}
