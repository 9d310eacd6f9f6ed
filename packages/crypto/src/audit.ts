import type { AuditHead, AuditRow, Hash, MeshId, SignKey } from "@claudemesh/protocol";
import { domains, hashStatement } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import { isSignedBy, Signer, signStatement, unsigned } from "./signature.ts";

export type AuditBody = Omit<AuditRow, "hash">;

/** The hash of a row: over the canonical JSON of all its other fields, the hash of the row before among them. */
export const auditHash = (body: AuditBody): Hash =>
  hashStatement(domains.audit, body as unknown as JsonValue);

/** A place in a chain: the row at `seq` has this hash; before the first row 0 and the empty hash. */
export interface AuditPlace {
  readonly seq: number;
  readonly hash: Hash | "";
}

/** The first place at which a chain does not hold, and why. */
export interface AuditFault {
  readonly seq: number;
  readonly why: string;
}

/** Walks a mesh's chain, row after row, and stops at the first that does not hold. */
export class AuditWalk {
  readonly #mesh: MeshId;
  readonly #kept = new Map<number, Hash | "">();
  #at: AuditPlace;

  /** `from` is what the first row must follow; `kept` are places that someone noted earlier. */
  constructor(mesh: MeshId, from: AuditPlace, kept: readonly AuditPlace[] = []) {
    this.#mesh = mesh;
    this.#at = from;
    for (const { seq, hash } of kept) this.#kept.set(seq, hash);
  }

  /** The last row that held. */
  get at(): AuditPlace {
    return this.#at;
  }

  /** Goes on over `rows`; answers the first fault. */
  take(rows: readonly AuditRow[]): AuditFault | undefined {
    for (const row of rows) {
      const why = this.#fault(row);
      if (why !== undefined) return { seq: this.#at.seq + 1, why };
      this.#at = { seq: row.seq, hash: row.hash };
    }
    return undefined;
  }

  /** What is wrong with where the chain ended, compared with a head that names its end. */
  end(head: AuditPlace): AuditFault | undefined {
    const { seq, hash } = this.#at;
    if (head.seq > seq) {
      return { seq: seq + 1, why: `the chain ends at row ${seq}, its head is row ${head.seq}` };
    }
    if (head.seq < seq) {
      return { seq: head.seq + 1, why: `the head is row ${head.seq}, but the chain goes on` };
    }
    return head.hash === hash ? undefined : { seq, why: "the head has another hash than its row" };
  }

  #fault(row: AuditRow): string | undefined {
    const { hash, ...body } = row;
    const next = this.#at.seq + 1;
    if (row.seq !== next) return `row ${row.seq} stands where row ${next} belongs`;
    if (row.mesh !== this.#mesh) return "it is of another mesh";
    if (row.prev !== this.#at.hash) return "it does not follow from the row before it";
    if (auditHash(body) !== hash) return "its hash is not that of what it says";
    const kept = this.#kept.get(row.seq);
    if (kept !== undefined && kept !== hash) return "it is not the row that was seen here before";
    return undefined;
  }
}

/** The key by which a broker vouches for its audit chains, and for nothing else. */
export interface AuditSigner {
  readonly key: SignKey;
  sign(head: Omit<AuditHead, "v" | "key" | "sig">): AuditHead;
}

/** Makes the signer from its 32-byte seed. */
export function auditSigner(seed: Uint8Array): AuditSigner {
  const signer = new Signer(seed);
  const { key } = signer;
  return {
    key,
    sign: (head) => signStatement(domains.auditHead, { v: 1 as const, ...head, key }, signer),
  };
}

/** Whether a head was signed by `key`, by default the key that it names. */
export const isAuditHeadSigned = (head: AuditHead, key: SignKey = head.key): boolean =>
  head.key === key &&
  isSignedBy(key, domains.auditHead, unsigned(head) as unknown as JsonValue, head.sig);
