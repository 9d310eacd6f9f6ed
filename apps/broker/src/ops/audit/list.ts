import type { Handler } from "../../handler.ts";

/** Rows above a place, where the chain ended just before they were read, and from where on it is kept. Waits for a row where it is told to. */
export const list: Handler<"audit.list"> = async ({ after, limit, waitMs = 0 }, ctx) => {
  const { actor, audit, now, signal, store } = ctx;
  const { mesh } = actor;
  const deadline = now() + waitMs;
  for (;;) {
    // Waited for before it is read: a row that comes in between is not missed.
    const changed = audit.next(mesh, deadline - now());
    const chain = await store.read.auditChain(mesh);
    const items = [...(await store.read.auditRows(mesh, { after, limit }))];
    if (items.length > 0 || now() >= deadline || signal.aborted || audit.isStopped) {
      const { anchor } = chain;
      const head = audit.sign("head", mesh, chain, now());
      return { items, head, ...(anchor === undefined ? {} : { anchor }) };
    }
    await changed;
  }
};
