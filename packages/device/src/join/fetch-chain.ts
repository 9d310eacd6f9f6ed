import { compareHead, type InviteSecret, Roster, signInviteOpen } from "@claudemesh/crypto";
import {
  type InviterHead,
  MeshError,
  type MeshId,
  type Output,
  type RosterEntry,
  type RosterHead,
} from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import { worthNoting } from "../mesh-link/rosters.ts";

/** A chain with its entries, before this home is in the mesh: verified from genesis, or from the head on that its inviter vouches for. */
export interface JoinChain {
  readonly roster: Roster;
  readonly entries: readonly RosterEntry[];
  /** up to where its hashes alone were checked; the rest is verified after the join */
  readonly vouched?: RosterHead | undefined;
}

/**
 * Reads a mesh's chain with an invite in hand, from where `known` ends, to the tail that the broker names. A large chain is taken by its hashes up to the head that the inviter has sealed into the invite; every
 * other signature is verified here. Throws what `Roster` and the broker refuse, `roster_fork` when the inviter's head is not on the chain, and `log_mismatch` when the broker gives less than it or the inviter names.
 */
export async function fetchChain(
  client: Client,
  secret: InviteSecret,
  mesh: MeshId,
  known?: JoinChain,
): Promise<JoinChain> {
  const chain = new Fetched(mesh, known);
  for (;;) {
    const challenge = await client.challenge();
    const proof = signInviteOpen(
      { mesh, invite: secret.id, host: client.host, challenge },
      secret.signer,
    );
    const page = await client.invite.chain({ proof, after: chain.last });
    const { inviterHead } = page;
    if (inviterHead !== undefined) chain.vouchedFor(secret.openHead(inviterHead, mesh));
    if (chain.take(page)) return chain.whole();
  }
}

/** What has come of a chain so far. */
class Fetched {
  readonly #mesh: MeshId;
  readonly #entries: RosterEntry[];
  #roster: Roster | undefined;
  #inviter: RosterHead | undefined;
  #vouched: RosterHead | undefined;

  constructor(mesh: MeshId, known: JoinChain | undefined) {
    this.#mesh = mesh;
    this.#entries = [...(known?.entries ?? [])];
    this.#roster = known?.roster;
    this.#vouched = known?.vouched;
  }

  get last(): number {
    return this.#entries.length - 1;
  }

  vouchedFor({ head }: InviterHead): void {
    if (this.#roster !== undefined) return;
    this.#inviter = head;
    if (head.seq >= worthNoting) this.#vouched = head;
  }

  /** Takes a page in; whether it was the last one. */
  take({ items, head }: Output<"invite.chain">): boolean {
    if (this.#roster === undefined && this.#entries.length === 0 && items.length === 0) {
      throw new MeshError("malformed", "the broker gave an empty roster");
    }
    if (this.#roster === undefined) {
      this.#entries.push(...items);
      if (this.#vouched === undefined || this.last >= this.#vouched.seq) this.#begin();
    } else {
      this.#roster.append(items);
      this.#entries.push(...items.slice(0, this.#roster.head.seq + 1 - this.#entries.length));
    }
    const place = this.#roster === undefined ? "ahead" : compareHead(this.#roster, head);
    if (place === "fork") {
      throw new MeshError(
        "roster_fork",
        `the broker names another roster than it gives, at entry ${head.seq}`,
      );
    }
    if (place === "ahead" && items.length === 0) {
      throw new MeshError(
        "log_mismatch",
        `the broker names entry ${head.seq} as the roster's last but does not give it`,
      );
    }
    return place !== "ahead";
  }

  /** All of it, with the inviter's head on it. */
  whole(): JoinChain {
    if (this.#roster === undefined) throw new MeshError("malformed", "there is no genesis");
    if (this.#inviter !== undefined) requireOn(this.#roster, this.#inviter);
    return { roster: this.#roster, entries: this.#entries, vouched: this.#vouched };
  }

  #begin(): void {
    const [genesis, ...rest] = this.#entries;
    if (genesis === undefined) throw new MeshError("malformed", "there is no genesis");
    if (this.#vouched === undefined) {
      this.#roster = Roster.fromGenesis(genesis, this.#mesh);
      this.#roster.append(rest);
    } else {
      this.#roster = resumed(this.#entries, this.#vouched, this.#mesh);
    }
  }
}

function resumed(entries: readonly RosterEntry[], vouched: RosterHead, mesh: MeshId): Roster {
  try {
    return Roster.resume(entries, vouched, mesh);
  } catch (error) {
    // What comes after the inviter's head fails with its place.
    const isOther = error instanceof MeshError && error.code === "roster_fork" && !error.detail;
    throw isOther ? notOnChain(vouched) : error;
  }
}

/** What the inviter has verified has to lie on what the broker gives. */
function requireOn(roster: Roster, head: RosterHead): void {
  const place = compareHead(roster, head);
  if (place === "fork") throw notOnChain(head, roster.hashAt(head.seq));
  if (place !== "ahead") return;
  throw new MeshError(
    "log_mismatch",
    `the broker's roster ends at entry ${roster.head.seq}, but the inviter has verified ${head.seq}`,
    { detail: { head: roster.head, verified: head } },
  );
}

const notOnChain = (claimed: RosterHead, hash?: string): MeshError =>
  new MeshError(
    "roster_fork",
    `the inviter's roster differs from the broker's at entry ${claimed.seq}`,
    { detail: { claimed, known: { seq: claimed.seq, ...(hash === undefined ? {} : { hash }) } } },
  );
