import type { MemberId, MemberKeys, SealKey, SignKey } from "@claudemesh/protocol";

interface Change {
  readonly seq: number;
  /** absent from where the member is none */
  readonly keys?: MemberKeys;
}

/** Why what a member sent before an entry cannot be dated any more by one who sees it after that entry. */
export interface TrustEnd {
  readonly seq: number;
  readonly why: "rekeyed" | "removed";
}

/** Which keys each member had at which place of the chain. */
export class KeyHistory {
  readonly #changes = new Map<MemberId, Change[]>();
  readonly #ends = new Map<MemberId, TrustEnd[]>();
  readonly #bySign = new Map<SignKey, MemberId>();
  readonly #seals = new Set<SealKey>();

  /** From `seq` on the member is one, with these keys. */
  set(member: MemberId, seq: number, keys: MemberKeys): void {
    this.#note(member, { seq, keys });
    this.#bySign.set(keys.sign, member);
    this.#seals.add(keys.seal);
  }

  /** From `seq` on the member is none. */
  end(member: MemberId, seq: number): void {
    this.#note(member, { seq });
  }

  /** Marks that what the member says from before `seq` may be the word of someone else. */
  distrust(member: MemberId, end: TrustEnd): void {
    const ends = this.#ends.get(member);
    if (ends === undefined) this.#ends.set(member, [end]);
    else ends.push(end);
  }

  /** Who has or had the signing key. */
  ownerOf(key: SignKey): MemberId | undefined {
    return this.#bySign.get(key);
  }

  hasSealKey(key: SealKey): boolean {
    return this.#seals.has(key);
  }

  /** The member's signing key at `seq`; undefined where it was none. */
  signKeyAt(member: MemberId, seq: number): SignKey | undefined {
    return this.#changes.get(member)?.findLast((change) => change.seq <= seq)?.keys?.sign;
  }

  /** The first removal by another or rekey of the member after entry `after`, up to `seen`. */
  trustEnd(member: MemberId, after: number, seen: number): TrustEnd | undefined {
    return this.#ends.get(member)?.find(({ seq }) => seq > after && seq <= seen);
  }

  #note(member: MemberId, change: Change): void {
    const changes = this.#changes.get(member);
    if (changes === undefined) this.#changes.set(member, [change]);
    else changes.push(change);
  }
}
