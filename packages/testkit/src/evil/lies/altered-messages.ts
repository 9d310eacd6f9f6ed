import { asSealed, ciphertextOf, type Envelope, type EnvelopeHeader } from "@claudemesh/protocol";
import type { Lie, LieFamily } from "../lie.ts";
import { message, messageBesideCarol, twoMessages } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { onBody, onEvent, only } from "../tricks.ts";
import { lastEnvelope, missing, noSignature, refused } from "./phrases.ts";

const flipped = (text: string): string => `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`;

/** Changes the messages that bob is given. */
const toBob =
  (edit: (envelope: Envelope, stage: Stage) => unknown) =>
  (stage: Stage): void => {
    const change = (envelope: Envelope) => edit(envelope, stage);
    stage.broker.lie(only(stage.bob.member, onBody<Envelope>("message", change)));
  };

const header =
  (change: (stage: Stage) => Partial<EnvelopeHeader>) =>
  (stage: Stage): void =>
    toBob((envelope) => ({ ...envelope, header: { ...envelope.header, ...change(stage) } }))(stage);

const unsigned = {
  told: [refused("bad_signature", noSignature)],
  facts: { shown: 0, state: "accepted" },
  later: [missing()],
};

/** The last message that alice sent, as it crossed the broker. */
function lastSent({ alice, broker }: Stage): Envelope {
  const sent = broker.inputs<{ envelope: Envelope }>(alice.member, "message.send").at(-1);
  if (sent === undefined) throw new Error("alice has sent nothing");
  return sent.envelope;
}

const lies: readonly Lie[] = [
  {
    id: "flipped-ciphertext",
    threat: "B1, T2",
    says: "changes the ciphertext of a message",
    scene: message,
    begin: toBob(({ header, body, sig }) => ({
      header,
      body: asSealed(flipped(ciphertextOf(body))),
      sig,
    })),
    ...unsigned,
  },
  {
    id: "flipped-signature",
    threat: "T2",
    says: "changes the signature of a message",
    scene: message,
    begin: toBob((envelope) => ({ ...envelope, sig: flipped(envelope.sig) })),
    ...unsigned,
  },
  {
    id: "raised-priority",
    threat: "B15, T2",
    says: "makes a message urgent",
    scene: message,
    begin: header(() => ({ priority: "now" })),
    ...unsigned,
  },
  {
    id: "other-reply-to",
    threat: "B15, T2",
    says: "makes a message the answer to another",
    scene: message,
    begin: header((stage) => ({ replyTo: lastEnvelope(stage).header.id })),
    ...unsigned,
  },
  {
    id: "other-time",
    threat: "B15, B20",
    says: "changes when a message was written",
    scene: message,
    begin: header(() => ({ createdAt: 1 })),
    ...unsigned,
  },
  {
    id: "other-sender",
    threat: "B15, C1",
    says: "puts another member's name on a message",
    scene: message,
    begin: header(({ carol, mallory }) => ({
      from: { member: carol.member, device: mallory.device },
    })),
    told: [refused("bad_signature", noSignature, "carol")],
    facts: { shown: 0, state: "accepted" },
    later: [missing()],
  },
  {
    id: "other-counter",
    threat: "B4, T4",
    says: "changes a message's counter to hide that one was dropped",
    scene: message,
    begin: header(() => ({ n: 1 })),
    ...unsigned,
  },
  {
    id: "older-head",
    threat: "B10, T8",
    says: "makes a message claim an older roster head",
    scene: message,
    begin: header(({ mallory }) => ({
      head: { seq: 0, hash: mallory.roster.genesisHash },
    })),
    ...unsigned,
  },
  {
    id: "message-turned-void",
    threat: "B12, T10",
    says: "turns a message into one given up by its sender",
    scene: message,
    begin: toBob(({ header, sig }) => ({
      header: { ...header, kind: "void" },
      body: asSealed(""),
      sig,
    })),
    ...unsigned,
  },
  {
    id: "direct-as-broadcast",
    threat: "B12, T10",
    says: "shows a direct message as a broadcast",
    scene: message,
    begin: header(() => ({ kind: "broadcast", keyVersion: 0 })),
    ...unsigned,
    told: [refused("malformed", "to: a broadcast message does not go to m:ID")],
  },
  {
    id: "swapped-bodies",
    threat: "B6, T5",
    says: "swaps the contents of two messages",
    scene: twoMessages,
    begin: (stage) => {
      let first: Envelope | undefined;
      const swap = onEvent("message", (event, line) => {
        const envelope = event.body as Envelope;
        if (first === undefined) {
          first = envelope;
          return [];
        }
        const { header, sig } = envelope;
        return [
          line.event("message", { ...first, body: envelope.body }),
          { ...event, body: { header, sig, body: first.body } },
        ];
      });
      stage.broker.lie(only(stage.bob.member, swap));
    },
    told: [refused("bad_signature", noSignature), refused("bad_signature", noSignature)],
    facts: { shown: 0, state: "accepted" },
    later: [{ ...missing(), text: "N messages from alice are missing" }],
  },
  {
    id: "given-to-another",
    threat: "B6, T5",
    says: "gives a message for bob to carol too",
    scene: messageBesideCarol,
    begin: (stage) => {
      const { broker, carol } = stage;
      broker.lie(
        only(
          carol.member,
          onEvent("caught_up", (frame, line) => {
            const envelope = lastSent(stage);
            return [line.event("message", envelope), frame];
          }),
        ),
      );
    },
    told: [refused("forbidden", "the envelope is not addressed to me")],
  },
  {
    id: "redirected",
    threat: "B6, T5",
    says: "addresses a message for bob to carol",
    scene: messageBesideCarol,
    begin: (stage) => {
      const { broker, carol } = stage;
      broker.lie(
        only(
          carol.member,
          onEvent("caught_up", (frame, line) => {
            const envelope = lastSent(stage);
            const to = `m:${carol.member}`;
            const header = { ...envelope.header, to };
            return [line.event("message", { ...envelope, header }), frame];
          }),
        ),
      );
    },
    told: [refused("bad_signature", noSignature)],
  },
];

export const alteredMessages: LieFamily = { title: "Altered and misdirected messages", lies };
