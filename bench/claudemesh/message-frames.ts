import { OrderedIds, systemRandom } from "@claudemesh/crypto";
import { type Envelope, everyone, type MessageId, nouns, type TopicId } from "@claudemesh/protocol";
import type { BareMember } from "@claudemesh/testkit";
import { textFrame } from "./raw-websocket.ts";

/** A `message.send` frame, ready to send. */
export interface MessageFrame {
  /** the id of call and message */
  readonly id: string;
  readonly bytes: Buffer;
}

const text = "x".repeat(512);

/** What the broker stores of such a message, in bytes; references carry as much. */
export const messageBytes = 1527;

/** Ids that count up from one that was drawn: drawing each would take longer than the broker takes. */
export function messageIds(): () => MessageId {
  const first = new OrderedIds(Date.now, systemRandom).nextMessageId();
  const head = first.slice(0, -12);
  let count = Number.parseInt(first.slice(-12), 16) % 2 ** 46;
  return () => {
    count += 1;
    return `${head}${count.toString(16).padStart(12, "0")}` as MessageId;
  };
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

/** Makes such messages as frames, by writing a fresh id into copies of one. */
export const messageFrames = (from: BareMember, to: BareMember): (() => MessageFrame) =>
  framesOf(from.seal(to, text));

/** As many bytes to a public topic. */
export const postFrames = (from: BareMember, topic: TopicId): (() => MessageFrame) =>
  framesOf(from.post(topic, text));

/** As many bytes to everyone in the mesh. */
export function broadcastFrames(from: BareMember, like: BareMember): () => MessageFrame {
  const envelope = from.seal(like, text);
  const header = { ...envelope.header, to: everyone, kind: "broadcast", keyVersion: 0 } as const;
  return framesOf({ ...envelope, header: header as Envelope["header"] });
}

/** The call that sends one message; its id is the message's. */
export function callFrame(envelope: Envelope): MessageFrame {
  const { id } = envelope.header;
  const call = { type: "call", id, op: nouns.message.send.name, input: { envelope } };
  return { id, bytes: textFrame(JSON.stringify(call)) };
}

function framesOf(envelope: Envelope): () => MessageFrame {
  const nextId = messageIds();
  const { id, bytes: template } = callFrame(envelope);
  const first = template.indexOf(id);
  const second = template.indexOf(id, first + 1);
  return () => {
    const id = nextId();
    const bytes = Buffer.allocUnsafe(template.length);
    template.copy(bytes);
    bytes.write(id, first, "latin1");
    bytes.write(id, second, "latin1");
    return { id, bytes };
  };
}
