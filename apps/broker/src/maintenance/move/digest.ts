import { sha256, toHex, utf8 } from "@claudemesh/crypto/verify";

/** What a table holds: how many rows, and one hash over all of them in the order of their key. */
export interface TableDigest {
  readonly rows: number;
  /** SHA-256 over the hash before and the row, from row to row; lower-case hex */
  readonly hash: string;
}

/** Takes in rows one by one, so that no table has to fit into memory. */
export class RowDigest {
  #rows = 0;
  #hash = "";

  add(values: readonly unknown[]): void {
    this.#rows += 1;
    this.#hash = toHex(sha256(utf8(`${this.#hash}${JSON.stringify(values)}`)));
  }

  get digest(): TableDigest {
    return { rows: this.#rows, hash: this.#hash };
  }
}
