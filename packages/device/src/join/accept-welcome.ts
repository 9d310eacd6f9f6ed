import { type InviteSecret, keyCommitment, memberIdOf, Roster } from "@claudemesh/crypto";
import {
  type Hash,
  MeshError,
  type Output,
  type RosterEntry,
  type Welcome,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { addMembership, getMembership, type MembershipRow } from "../store/memberships.ts";
import { putProfile } from "../store/profiles.ts";
import { addRosterEntries } from "../store/roster-entries.ts";
import type { JoinChain } from "./fetch-chain.ts";
import type { PendingJoin } from "./pending-join.ts";

/**
 * Opens the welcome and checks it against the verified chain: mesh, genesis, head, and every key against its commitment. Then membership, roster and key
 * ring are stored in one transaction. The last is the chain before the join, where the caller has taken it up in this process; a stored one is verified anew, from genesis.
 * Throws `bad_signature`, `roster_fork` or `malformed`, and stores nothing then.
 */
export function acceptWelcome(
  ctx: DeviceContext,
  secret: InviteSecret,
  pending: PendingJoin,
  answer: Output<"invite.claim">,
  { roster, vouched }: Pick<JoinChain, "roster" | "vouched"> = { roster: verified(pending) },
): MembershipRow {
  const { mesh, entry, chain, broker, generation, device, profile } = pending;
  const member = memberIdOf(entry);
  if (answer.member !== member) {
    throw new MeshError("bad_signature", "the broker answers the join with another member");
  }
  const entries: RosterEntry[] = [...chain, entry];
  roster.append([entry]);
  const welcome = secret.open(answer.welcome, mesh);
  checkWelcome(welcome, roster, entries);
  const { store } = ctx;
  const membership = store.write(() => {
    const at = ctx.now();
    addMembership(store, {
      mesh,
      broker,
      member,
      generation,
      founder_nonce: null,
      sign_key: entry.body.keys.sign,
      device,
      slug: answer.slug,
      display_name: profile.fields.displayName,
      joined_at: at,
      used_at: at,
    });
    addRosterEntries(store, mesh, entries, ({ seq }) => roster.hashAt(seq) as Hash);
    if (vouched !== undefined) {
      const done = { seq: 0, hash: roster.genesisHash };
      ctx.rosters.noteVouched(mesh, { head: vouched, done });
    }
    putProfile(store, profile);
    for (const { epoch, key } of welcome.ring) {
      store.run("INSERT INTO ring (mesh, epoch, key) VALUES (?, ?, ?)", mesh, epoch, key);
    }
    store.run("DELETE FROM pending_join WHERE mesh = ?", mesh);
    const row = getMembership(store, mesh);
    if (row === undefined) throw new Error("the membership was not stored");
    return row;
  });
  ctx.rosters.adopt(roster);
  ctx.wake.now();
  return membership;
}

function verified({ chain: [genesis, ...rest], mesh }: PendingJoin): Roster {
  if (genesis === undefined) throw new MeshError("malformed", "the chain of the join is empty");
  const roster = Roster.fromGenesis(genesis, mesh);
  roster.append(rest);
  return roster;
}

function checkWelcome(welcome: Welcome, roster: Roster, entries: readonly RosterEntry[]): void {
  if (welcome.genesis !== roster.genesisHash) {
    throw new MeshError(
      "roster_fork",
      "the welcome names another genesis than the broker's roster",
    );
  }
  if (roster.hashAt(welcome.head.seq) !== welcome.head.hash) {
    throw new MeshError(
      "roster_fork",
      `the inviter's roster differs from the broker's at entry ${welcome.head.seq}`,
      {
        detail: {
          claimed: welcome.head,
          known: { seq: welcome.head.seq, hash: roster.hashAt(welcome.head.seq) },
        },
      },
    );
  }
  const commitments = commitmentsOf(entries);
  for (const { epoch, key } of welcome.ring) {
    const scope = epoch === 0 ? "" : roster.mesh;
    if (commitments.get(epoch) === keyCommitment(scope, key)) continue;
    throw new MeshError(
      "bad_signature",
      `the mesh key of epoch ${epoch} does not match its commitment`,
    );
  }
}

/** Epoch number to the commitment that the chain has for its key. */
function commitmentsOf(entries: readonly RosterEntry[]): Map<number, Hash> {
  const found = new Map<number, Hash>();
  for (const entry of entries) {
    if (entry.type === "genesis") found.set(0, entry.body.commitment);
    if (entry.type === "epoch") found.set(entry.body.number, entry.body.commitment);
    if (entry.type === "remove" || entry.type === "rekey") {
      const { epoch } = entry.body;
      if (epoch !== undefined) found.set(epoch.number, epoch.commitment);
    }
  }
  return found;
}
