import { compareHead, type InviteSecret, Roster, signInviteOpen } from "@claudemesh/crypto";
import { MeshError, type MeshId, type RosterEntry } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";

/** A chain verified from genesis, with its entries, before this home is in the mesh. */
export interface JoinChain {
  readonly roster: Roster;
  readonly entries: readonly RosterEntry[];
}

/**
 * Reads a mesh's chain with an invite in hand, from where `known` ends, and verifies it to the tail that the broker names. Throws what `Roster` and the
 * broker refuse, and `log_mismatch` when the broker gives less than it names.
 */
export async function fetchChain(
  client: Client,
  secret: InviteSecret,
  mesh: MeshId,
  known?: JoinChain,
): Promise<JoinChain> {
  const entries = [...(known?.entries ?? [])];
  let roster = known?.roster;
  for (;;) {
    const challenge = await client.challenge();
    const proof = signInviteOpen(
      { mesh, invite: secret.id, host: client.host, challenge },
      secret.signer,
    );
    const page = await client.invite.chain({ proof, after: entries.length - 1 });
    let fresh = page.items;
    if (roster === undefined) {
      const [genesis, ...rest] = page.items;
      if (genesis === undefined)
        throw new MeshError("malformed", "the broker gave an empty roster");
      roster = Roster.fromGenesis(genesis, mesh);
      entries.push(genesis);
      fresh = rest;
    }
    roster.append(fresh);
    entries.push(...fresh.slice(0, roster.head.seq + 1 - entries.length));
    const place = compareHead(roster, page.head);
    if (place === "fork") {
      throw new MeshError(
        "roster_fork",
        `the broker names another roster than it gives, at entry ${page.head.seq}`,
      );
    }
    if (place !== "ahead") return { roster, entries };
    if (page.items.length === 0) {
      throw new MeshError(
        "log_mismatch",
        `the broker names entry ${page.head.seq} as the roster's last but does not give it`,
      );
    }
  }
}
