import { type Audience, audienceOf, type MemberId, memberOf } from "@claudemesh/protocol";
import type { Ack, LogKind, MessageAppend, MessageOutcome, StoreWrites } from "../port.ts";

interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly kind: LogKind;
  readonly sender: MemberId | null;
  readonly audience: Audience;
  readonly digest: string;
  readonly at: number;
  readonly expiresAt: number;
  body: string | null;
  expired: boolean;
}

/** What a sender's id was used for; forgotten after a time, while its entry stays. */
interface Key {
  readonly sender: MemberId;
  readonly id: string;
  readonly digest: string;
  readonly seq: number;
  readonly at: number;
}

interface Device {
  readonly member: MemberId;
  readonly device: string;
  readonly start: number;
  cursor: number;
}

/** Log, idempotency and cursors of one mesh as arrays that are searched from the start: too slow to use, too plain to be wrong. */
export class NaiveStore {
  readonly #entries: Entry[] = [];
  readonly #devices: Device[] = [];
  #keys: Key[] = [];
  /** a mesh begins with its genesis and its founder's profile */
  head = 2;

  append(input: MessageAppend): MessageOutcome {
    const known = this.#keys.find(({ sender, id }) => sender === input.sender && id === input.id);
    if (known !== undefined) {
      return known.digest === input.digest
        ? { result: "accepted", seq: known.seq, at: known.at, repeated: true }
        : { result: "conflict" };
    }
    this.#push(input);
    const { sender, id, digest, at } = input;
    this.#keys.push({ sender, id, digest, at, seq: this.head });
    return { result: "accepted", seq: this.head, at: input.at, repeated: false };
  }

  seen(input: Parameters<StoreWrites["seenDevice"]>[0]): { cursorSeq: number } {
    const { member, device, startSeq } = input;
    const known = this.#find(member, device);
    if (known !== undefined) return { cursorSeq: known.cursor };
    this.#devices.push({ member, device, start: startSeq, cursor: startSeq });
    return { cursorSeq: startSeq };
  }

  /** Where the cursor stands, the id there, and what became of the receipts; or the code of the error, with which nothing happens. */
  ack({ member, device, seq, receipts }: Ack) {
    const known = this.#find(member, device);
    if (known === undefined) return "not_found";
    if (seq !== null && seq > this.head) return "cursor_invalid";
    if (seq !== null) this.#moveTo(known, seq);
    const id = this.#entries.find((entry) => entry.seq === known.cursor)?.id;
    return { seq: known.cursor, id, receipts: receipts.map((receipt) => this.append(receipt)) };
  }

  /** Forgets keys drawn before then; answers how many. */
  forget(before: number): number {
    const kept = this.#keys.filter(({ at }) => at >= before);
    const forgotten = this.#keys.length - kept.length;
    this.#keys = kept;
    return forgotten;
  }

  #moveTo(known: Device, seq: number): void {
    const { member } = known;
    known.cursor = Math.max(known.cursor, seq);
    const own = this.#devices.filter((row) => row.member === member);
    for (const entry of this.#entries) {
      const everyOne = own.every(({ cursor }) => cursor >= entry.seq);
      if (memberOf(entry.audience) === member && everyOne && this.#stored(entry)) entry.body = null;
    }
  }

  expire({ now }: { readonly now: number }): number {
    const due = this.#entries.filter(({ body, expiresAt }) => body !== null && expiresAt <= now);
    for (const entry of due) {
      entry.body = null;
      const direct = entry.kind === "message" && memberOf(entry.audience) !== undefined;
      if (!direct || this.#stored(entry) || entry.sender === null) continue;
      entry.expired = true;
      this.#push({
        id: entry.id.replace("msg_", "ntc_"),
        kind: "notice",
        sender: null,
        audience: audienceOf(entry.sender),
        digest: "",
        at: now,
        expiresAt: now + 7 * 24 * 3_600_000,
        body: JSON.stringify({ id: entry.id, state: "expired" }),
      });
    }
    return due.length;
  }

  held(): Entry[] {
    return this.#entries.filter(({ body }) => body !== null);
  }

  records(id: string) {
    return this.#entries
      .filter((entry) => entry.kind === "message" && entry.id === id)
      .map(({ seq, sender, expired }) => ({ seq, sender, expired }));
  }

  #push(entry: Omit<Entry, "seq" | "expired">): void {
    const { id, kind, sender, audience, digest, at, expiresAt, body } = entry;
    this.head += 1;
    const seq = this.head;
    this.#entries.push({
      seq,
      id,
      kind,
      sender,
      audience,
      digest,
      at,
      expiresAt,
      body,
      expired: false,
    });
  }

  #find(member: MemberId, device: string): Device | undefined {
    return this.#devices.find((row) => row.member === member && row.device === device);
  }

  #stored(entry: Entry): boolean {
    const member = memberOf(entry.audience);
    return this.#devices.some(
      (row) => row.member === member && row.start < entry.seq && row.cursor >= entry.seq,
    );
  }
}
