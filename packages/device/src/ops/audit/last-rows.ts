import type { Output } from "@claudemesh/protocol";
import type { MeshLink } from "../../mesh-link/links.ts";

type Answer = Output<"audit.list">;

/** The rows above `after`; without it the last ones of the chain. */
export async function lastRows(
  { client }: MeshLink,
  { after, limit, waitMs }: { after?: number | undefined; limit: number; waitMs?: number },
): Promise<Answer> {
  if (after !== undefined) {
    return await client.audit.list({ after, limit, ...(waitMs ? { waitMs } : {}) });
  }
  const { head } = await client.audit.list({ after: 0, limit: 1 });
  return await client.audit.list({ after: Math.max(0, head.seq - limit), limit });
}
