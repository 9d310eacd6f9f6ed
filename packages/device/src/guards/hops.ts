import type { EnvelopeHeader, MessageId } from "@claudemesh/protocol";

/**
 * How far agents have gone on in a thread: `hops` messages of theirs since `since`, the newest message of a person in it or release of it, `""` where there was none. Ids
 * are drawn in the order of time (RFC 9562, section 5.7), so the greater of two states is the later one.
 */
export interface Hops {
  readonly since: MessageId | "";
  readonly hops: number;
}

export const noHops: Hops = { since: "", hops: 0 };

/** How far ahead of this machine's clock an id may be drawn and still stand for a person's act. */
const aheadMs = 24 * 3_600_000;

/** What a message says of its thread. A person's has no `hop`, and the count begins anew with it. */
export const hopsOf = ({
  id,
  hop,
  since,
}: Pick<EnvelopeHeader, "id" | "since"> & { readonly hop?: number | undefined }): Hops =>
  hop === undefined ? { since: id, hops: 0 } : { since: since ?? "", hops: hop };

/** The later of two states: of the newer start, or, of the same start, the one that has gone further. */
export function later(a: Hops, b: Hops): Hops {
  if (a.since !== b.since) return a.since > b.since ? a : b;
  return a.hops >= b.hops ? a : b;
}

/** Whether a state's start lies so far in the future that it was made up: it would outlast every person's message. */
export const isMadeUp = ({ since }: Hops, now: number): boolean =>
  since !== "" && drawnAt(since) > now + aheadMs;

/** When a UUIDv7 was drawn, ms since the Unix epoch. */
const drawnAt = (id: MessageId): number =>
  Number.parseInt(id.slice("msg_".length).replaceAll("-", "").slice(0, 12), 16);
