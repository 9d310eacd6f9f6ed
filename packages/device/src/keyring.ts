import { deriveMember, type MemberSecret } from "@claudemesh/crypto";
import type { MeshId } from "@claudemesh/protocol";
import { damaged } from "./home/versioned-json.ts";
import type { MembershipRow } from "./store/memberships.ts";

/** This home's secrets per mesh, derived from the identity seed when first needed. */
export class Keyring {
  readonly #seed: () => Uint8Array;
  readonly #path: string;
  readonly #derived = new Map<MeshId, MemberSecret>();

  constructor(seed: () => Uint8Array, path: string) {
    this.#seed = seed;
    this.#path = path;
  }

  /** Throws `home_damaged` when the seed is not the one that the membership was made with. */
  of(row: MembershipRow): MemberSecret {
    const known = this.#derived.get(row.mesh);
    if (known?.keys.sign === row.sign_key) return known;
    const scope =
      row.founder_nonce === null ? { mesh: row.mesh } : { genesisNonce: row.founder_nonce };
    const secret = deriveMember(this.#seed(), scope, row.generation);
    if (secret.keys.sign !== row.sign_key) {
      throw damaged(this.#path, `its seed is not the one that ${row.slug} was joined with`);
    }
    this.#derived.set(row.mesh, secret);
    return secret;
  }

  /** Derives anew from then on, since the seed is another. */
  forget(): void {
    this.#derived.clear();
  }
}
