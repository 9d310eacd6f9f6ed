import type { Handler } from "../../handler.ts";
import { requireType } from "../roster-act.ts";

/** Takes the entry by which an owner goes on from a restored roster: its `prev` is the owner's word for the head that the restore left. */
export const confirm: Handler<"mesh.confirm"> = async ({ entry }, ctx) => {
  const { actor, caller, roster, rosters, store } = ctx;
  requireType(entry, "epoch");
  const self = roster.members.get(actor.member);
  if (self?.keys.sign !== entry.author || self.role !== "owner") {
    throw ctx.fail("forbidden", "entry.author: only an owner confirms a restored roster");
  }
  const { mesh } = actor;
  const request = { mesh, entry, connection: caller.connection, write: store.write } as const;
  await rosters.append({ ...request, restored: "confirms" });
  return { head: { seq: entry.seq, hash: roster.hashAt(entry.seq) ?? roster.head.hash } };
};
