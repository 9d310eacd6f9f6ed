import { OrderedIds, systemRandom } from "@claudemesh/crypto";
import { type Envelope, type MessageId, nouns } from "@claudemesh/protocol";
import type { BareMember } from "@claudemesh/testkit";

/** A call frame that is ready to send. */
export interface MessageFrame {
  /** the id of call and message */
  readonly id: string;
  readonly text: string;
}

const text = "x".repeat(512);

/** Ids that count up from one random number: drawing each anew would take longer than the broker takes. */
function messageIds(): () => MessageId {
  const random = systemRandom(16);
  const ids = new OrderedIds(Date.now, (length) => random.subarray(0, length));
  return () => ids.nextMessageId();
}

/**
 * Makes envelopes of a 512-character text: one sealed envelope with a fresh id put in. Its signature holds for the first only, which the broker,
 * who leaves signatures to receivers, does not see; so making them costs the bench nothing that it would measure.
 */
export function messageEnvelopes(from: BareMember, to: BareMember): () => Envelope {
  const nextId = messageIds();
  const envelope = from.seal(to, text);
  return () => ({ ...envelope, header: { ...envelope.header, id: nextId() } });
}

/** Writes `message.send` frames of such envelopes. */
export function messageFrames(from: BareMember, to: BareMember): (count: number) => MessageFrame[] {
  const nextId = messageIds();
  const envelope = from.seal(to, text);
  const { id } = envelope.header;
  const frame = { type: "call", id, op: nouns.message.send.name, input: { envelope } };
  const [head, middle, tail] = JSON.stringify(frame).split(id) as [string, string, string];
  return (count) =>
    Array.from({ length: count }, () => {
      const id = nextId();
      return { id, text: head + id + middle + id + tail };
    });
}
