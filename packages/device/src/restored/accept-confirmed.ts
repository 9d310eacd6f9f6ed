import { entryHash, Roster } from "@claudemesh/crypto";
import { limits, MeshError, type RosterEntry } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { dropRingAbove } from "../store/ring-rows.ts";
import { addRosterEntries, dropRosterFrom } from "../store/roster-entries.ts";

/**
 * Replaces the end of a verified roster by what a restored broker has in its place, if an owner of the part that both have signed its first entry. Answers the entries that this home goes on without.
 * Throws `conflict` where the two do not part, `roster_fork` where no owner has confirmed it, `not_member` where it does not have this member.
 */
export async function acceptConfirmed(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<readonly RosterEntry[]> {
  const { mesh } = row;
  const client = await ctx.links.unverified(row);
  let theirs: readonly RosterEntry[];
  try {
    theirs = await wholeChain(client);
  } finally {
    await client.close();
  }
  const parts = theirs.find((entry) => ctx.rosters.of(mesh).hashAt(entry.seq) !== entryHash(entry));
  if (parts === undefined || parts.seq > ctx.rosters.of(mesh).head.seq) throw nothingToAccept(row);
  const common = verified(theirs.slice(0, parts.seq), row);
  if (parts.type !== "epoch" || common.memberByKey(parts.author)?.role !== "owner") {
    throw new MeshError(
      "roster_fork",
      `the broker shows another entry ${parts.seq} than the one verified here, and no owner has signed it`,
      { hint: "do not trust this broker with the mesh until its operator has explained it" },
    );
  }
  const whole = verified(theirs, row);
  if (!whole.isMember(row.member)) {
    throw new MeshError("not_member", "the confirmed roster does not have you any more", {
      hint: `ask an owner for a new invite; to give this membership up: claudemesh leave ${row.slug}`,
    });
  }
  const { store } = ctx;
  const dropped = store.write(() => {
    const gone = ctx.rosters.entriesAfter(mesh, parts.seq - 1);
    dropRosterFrom(store, mesh, parts.seq);
    addRosterEntries(store, mesh, theirs.slice(parts.seq));
    const topics = new Map([...common.topics].map(([id, { version }]) => [id, version]));
    dropRingAbove(store, mesh, { epoch: common.epochs.length - 1, topics });
    return gone;
  });
  ctx.rosters.forget(mesh);
  ctx.rings.forget(mesh);
  await ctx.links.end(mesh);
  await ctx.online.redial(mesh);
  return dropped;
}

async function wholeChain(client: Pick<Client, "roster">): Promise<readonly RosterEntry[]> {
  const all: RosterEntry[] = [];
  for (;;) {
    const { items } = await client.roster.list({ after: all.length - 1 });
    all.push(...items);
    if (items.length < limits.rosterPage) return all;
  }
}

function verified(entries: readonly RosterEntry[], { mesh }: MembershipRow): Roster {
  const [genesis, ...rest] = entries;
  if (genesis === undefined) throw new MeshError("malformed", "the broker's roster is empty");
  const roster = Roster.fromGenesis(genesis, mesh);
  roster.append(rest);
  return roster;
}

const nothingToAccept = ({ slug }: MembershipRow): MeshError =>
  new MeshError(
    "conflict",
    `the broker's roster of ${slug} does not part from the one known here`,
    {
      hint: "there is nothing to accept",
    },
  );
