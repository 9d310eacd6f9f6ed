import type { Audience } from "@claudemesh/protocol";
import type pg from "pg";

/** How many audiences' numbers are kept in memory. */
const knownMost = 20_000;

/** Short numbers of audiences, which are kept once their transaction has committed. */
export class AudienceNumbers {
  readonly #known = new Map<string, number>();
  #fresh: [string, number][] = [];
  #asked: number | undefined;
  #mesh: number | undefined;

  /** The numbers of the mesh that was last asked for and of these audiences of it, as far as memory has all of them. */
  known(
    audiences: readonly Audience[],
  ): { readonly mesh: number; readonly audiences: readonly number[] } | undefined {
    const mesh = this.#mesh;
    if (mesh === undefined) return undefined;
    const found: number[] = [];
    for (const audience of audiences) {
      const no = this.#known.get(`${mesh} ${audience}`);
      if (no === undefined) return undefined;
      found.push(no);
    }
    return { mesh, audiences: found };
  }

  /** The numbers of a mesh's audiences; new ones are made. The mesh's row is locked by this transaction. */
  async of(
    client: pg.ClientBase,
    mesh: number,
    audiences: readonly Audience[],
  ): Promise<ReadonlyMap<Audience, number>> {
    this.#asked = mesh;
    const found = new Map<Audience, number>();
    const unknown: Audience[] = [];
    for (const audience of audiences) {
      const no = this.#known.get(`${mesh} ${audience}`);
      if (no === undefined) unknown.push(audience);
      else found.set(audience, no);
    }
    if (unknown.length === 0) return found;
    const select = "SELECT no, key FROM audience WHERE mesh = $1 AND key = ANY($2)";
    const { rows } = await client.query<Numbered>(select, [mesh, unknown]);
    const there = new Set(rows.map(({ key }) => key));
    const missing = unknown.filter((audience) => !there.has(audience));
    const made =
      missing.length === 0
        ? []
        : (
            await client.query<Numbered>(
              "INSERT INTO audience (mesh, key) SELECT $1::bigint, unnest($2::text[]) RETURNING no, key",
              [mesh, missing],
            )
          ).rows;
    for (const { key, no } of [...rows, ...made]) {
      found.set(key, no);
      this.#fresh.push([`${mesh} ${key}`, no]);
    }
    return found;
  }

  /** To be called when the transaction is over, or part of it was undone: only what was committed is known from then on. */
  settle(committed: boolean): void {
    if (committed) {
      if (this.#known.size + this.#fresh.length > knownMost) this.#known.clear();
      for (const [name, no] of this.#fresh) this.#known.set(name, no);
      this.#mesh = this.#asked;
    }
    this.#fresh = [];
  }
}

interface Numbered {
  readonly no: number;
  readonly key: Audience;
}
