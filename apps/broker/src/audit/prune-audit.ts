import type { Store } from "../store/port.ts";
import type { Audit } from "./audit.ts";

/** meshes and rows of each that one round takes up at most, so that messages are not held up behind it */
const most = { meshes: 50, limit: 200 };

/** Takes away rows that are older than `before`; a signed anchor stands for them, from which the rest still verifies. Answers how many. */
export async function pruneAudit(
  {
    audit,
    now,
    store,
  }: { readonly audit: Audit; readonly now: () => number; readonly store: Store },
  before: number,
): Promise<number> {
  let pruned = 0;
  for (const { mesh, ...place } of await store.read.auditOver({ before, ...most })) {
    const anchor = audit.sign("anchor", mesh, place, now());
    pruned += await store.write.pruneAudit({ mesh, anchor });
  }
  return pruned;
}
