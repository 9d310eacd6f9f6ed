import { deriveMember, type MemberSecret } from "@claudemesh/crypto";
import type { MeshId, SignKey } from "@claudemesh/protocol";
import { damaged } from "./home/versioned-json.ts";
import type { MembershipRow } from "./store/memberships.ts";

/** The seeds of a home: the one in force, and those before it, the newest first. */
export type Seeds = readonly [Uint8Array, ...Uint8Array[]];

type Place = Pick<MembershipRow, "founder_nonce" | "generation" | "mesh">;

/** This home's secrets per mesh, derived from the identity seeds when first needed. */
export class Keyring {
  readonly #seeds: () => Seeds;
  readonly #path: string;
  readonly #derived = new Map<MeshId, MemberSecret>();

  constructor(seeds: () => Seeds, path: string) {
    this.#seeds = seeds;
    this.#path = path;
  }

  /** The member's secret in a mesh; it opens what was sealed to the keys of other seeds of this home as well. Throws `home_damaged` when no seed is the one that the membership was made with. */
  of(row: MembershipRow): MemberSecret {
    const known = this.#derived.get(row.mesh);
    if (known?.keys.sign === row.sign_key) return known;
    const secret = this.find(row, row.sign_key);
    if (secret === undefined) {
      throw damaged(this.#path, `its seed is not the one that ${row.slug} was joined with`);
    }
    this.#derived.set(row.mesh, secret);
    return secret;
  }

  /** The secret with this signing key, from whichever seed of this home it comes; undefined where it comes from none. */
  find(row: Place, key: SignKey): MemberSecret | undefined {
    const all = this.#seeds().map((seed) => derive(seed, row));
    const found = all.find(({ keys }) => keys.sign === key);
    if (found === undefined || all.length === 1) return found;
    const others = all.filter((one) => one !== found).map(({ opener }) => opener);
    return { ...found, opener: found.opener.after(others) };
  }

  /** The secret from the seed in force, where the membership's keys come from one before it: they are to be replaced. */
  due(row: MembershipRow): MemberSecret | undefined {
    const [seed, ...earlier] = this.#seeds();
    if (earlier.length === 0) return undefined;
    const next = derive(seed, row);
    return next.keys.sign === row.sign_key ? undefined : this.find(row, next.keys.sign);
  }

  /** Derives anew from then on, since the seed is another. */
  forget(): void {
    this.#derived.clear();
  }
}

function derive(seed: Uint8Array, { founder_nonce: nonce, generation, mesh }: Place): MemberSecret {
  return deriveMember(seed, nonce === null ? { mesh } : { genesisNonce: nonce }, generation);
}
