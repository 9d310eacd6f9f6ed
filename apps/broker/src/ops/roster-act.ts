import { type EntryOf, MeshError, type RosterEntry, type RosterType } from "@claudemesh/protocol";
import type { Caller, MemberContext, Services } from "../handler.ts";
import type { Appended } from "../rosters.ts";
import type { InviteGives } from "../store/roster-port.ts";

type ActContext = Services & MemberContext & { readonly caller: Caller };

/** Throws `malformed` unless an entry is of the type that an operation takes. */
export function requireType<T extends RosterType>(entry: RosterEntry, type: T): EntryOf<T> {
  if (entry.type !== type) {
    throw new MeshError("malformed", `entry.type: must be ${type}, not ${entry.type}`);
  }
  return entry as EntryOf<T>;
}

/** Appends a member's own act to its mesh's chain. Throws `forbidden` for another's entry, and what `Rosters.append` throws. */
export async function appendAct(
  ctx: ActContext,
  entry: RosterEntry,
  welcome?: InviteGives,
): Promise<Appended> {
  const { actor, caller, roster, rosters, store } = ctx;
  if (roster.members.get(actor.member)?.keys.sign !== entry.author) {
    throw new MeshError("forbidden", "entry.author: only a member's own acts are taken from it");
  }
  return await rosters.append({
    mesh: actor.mesh,
    entry,
    connection: caller.connection,
    write: store.write,
    ...(welcome === undefined ? {} : { welcome }),
  });
}
