import type { Envelope, KeyMessage, MemberId, MessageId, Plain } from "@claudemesh/protocol";
import type { MeshRow } from "../store/port.ts";
import { placeText } from "./log-place.ts";

/** A message of the log, as far as a key's holder is told of it. */
export interface LoggedMessage {
  readonly seq: number;
  readonly id: string;
  readonly kind: "message" | "plain";
  readonly at: number;
  readonly body: string;
}

/** A message as a key's holder reads it; what is sealed stays so. */
export function keyMessage(
  { seq, id, kind, at, body }: LoggedMessage,
  mesh: Pick<MeshRow, "epoch">,
  names: ReadonlyMap<MemberId, string>,
): KeyMessage {
  const place = { id: id as MessageId, seq, cursor: placeText(mesh, seq), at };
  if (kind === "plain") {
    const { from, to, priority, subtype, text, ciphertext, mentions, replyTo } = JSON.parse(
      body,
    ) as Plain;
    return {
      ...place,
      kind: "plain",
      to,
      from: {
        name: from.name,
        member: from.owner,
        ...(from.key === undefined ? {} : { key: from.key }),
        ...(from.job === undefined ? {} : { job: from.job }),
      },
      verified: false,
      priority,
      ...(subtype === undefined ? {} : { subtype }),
      ...(text === undefined ? {} : { text }),
      ...(ciphertext === undefined ? {} : { ciphertext }),
      ...(mentions === undefined ? {} : { mentions }),
      ...(replyTo === undefined ? {} : { replyTo }),
    };
  }
  const envelope = JSON.parse(body) as Envelope;
  const { from, to, priority, mentions, replyTo } = envelope.header;
  return {
    ...place,
    kind: "sealed",
    to,
    from: { name: names.get(from.member) || from.member, member: from.member },
    verified: false,
    priority,
    ...(mentions === undefined ? {} : { mentions }),
    ...(replyTo === undefined ? {} : { replyTo }),
    envelope,
  };
}
