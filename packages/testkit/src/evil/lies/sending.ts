import type { Fields, Trick } from "../evil-line.ts";
import type { Lie, LieFamily } from "../lie.ts";
import { message, twoMessages } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { denying, inPlaceOf, only, onReply, refusing } from "../tricks.ts";
import { missing } from "./phrases.ts";

const send = "message.send";
const atAlice =
  (trick: (stage: Stage) => Trick) =>
  (stage: Stage): void =>
    stage.broker.lie(only(stage.alice.member, trick(stage)));

const stillQueued = { shown: 0, state: "queued" };

const lies: readonly Lie[] = [
  {
    id: "accepted-and-forgotten",
    threat: "B2, T14",
    says: "says that it accepted a message and stores nothing",
    scene: message,
    begin: atAlice(() =>
      inPlaceOf(send, ({ envelope }: { envelope: { header: { id: string } } }) => ({
        output: { id: envelope.header.id, seq: 7, acceptedAt: 1, repeated: false },
      })),
    ),
    told: [],
    facts: { shown: 0, state: "accepted" },
    remark: "the sender never sees `stored`; the reader is told once a later message comes",
    later: [missing()],
  },
  {
    id: "accepted-another",
    threat: "B20",
    says: "answers with another message's id, an odd position and a false `repeated`",
    scene: message,
    begin: atAlice(({ mallory, bob }) =>
      onReply<Fields>(send, (said) => ({
        ...said,
        id: mallory.header(bob.member).id,
        seq: 99_999,
        repeated: true,
      })),
    ),
    told: [],
  },
  {
    id: "unreadable-answer",
    threat: "C4",
    says: "stores a message and answers with nonsense",
    scene: message,
    begin: atAlice(() => onReply(send, () => ({ seq: "seven" }))),
    told: [],
  },
  {
    id: "denied-although-stored",
    threat: "B20, T14",
    says: "stores a message and says that it was refused for good",
    scene: message,
    begin: atAlice(() => denying(send, "conflict")),
    told: [],
    remark: "the recipient's signed receipts outrank the broker's refusal",
  },
  {
    id: "no-such-recipient",
    threat: "B20, T14",
    says: "stores a message and says that there is no such recipient",
    scene: message,
    begin: atAlice(() => denying(send, "no_recipient")),
    told: [],
    remark: "the recipient's signed receipts outrank the broker's refusal",
  },
  {
    id: "refused-for-good",
    threat: "B2, T14",
    says: "refuses a message for good",
    scene: message,
    begin: atAlice(() => refusing(send, "forbidden")),
    told: [],
    facts: stillQueued,
    remark:
      "it is given up, and what stays queued is its void, which closes the gap once the broker takes it",
    putOffMs: 60_000,
  },
  {
    id: "stale-for-ever",
    threat: "B10",
    says: "says for ever that the sender's roster is stale",
    scene: message,
    begin: atAlice(() => refusing(send, "roster_stale")),
    told: [],
    facts: stillQueued,
    remark: "it stays queued and is tried again after a pause",
    putOffMs: 60_000,
    laterFacts: { shown: 2 },
  },
  {
    id: "busy-for-ever",
    threat: "B2",
    says: "says for ever that there were too many requests",
    scene: message,
    begin: (stage) =>
      atAlice(() =>
        inPlaceOf(send, () => {
          stage.forward(31_000);
          const error = { code: "rate_limited", message: "so says the broker", retryAfterMs: 0 };
          return { error };
        }),
      )(stage),
    told: [],
    facts: stillQueued,
    remark: "it stays queued and is tried again after a pause",
    putOffMs: 60_000,
    laterFacts: { shown: 2 },
  },
  {
    id: "answer-withheld",
    threat: "N3, T14",
    says: "stores a message and never answers",
    scene: message,
    begin: (stage) =>
      atAlice(() => ({
        down: (frame, line) => {
          if (frame.type !== "reply" || line.calls.get(String(frame.id))?.op !== send)
            return [frame];
          queueMicrotask(() => stage.loseIfPatient());
          return [];
        },
      }))(stage),
    told: [],
    facts: { state: "offered" },
    remark: "sent again byte for byte, and stored once",
  },
  {
    id: "cut-after-storing",
    threat: "N3, T14",
    says: "stores a message and cuts the connection before it answers",
    scene: message,
    begin: atAlice(() => ({
      down: (frame, line) => {
        if (frame.type !== "reply" || line.calls.get(String(frame.id))?.op !== send) return [frame];
        line.close();
        return [];
      },
    })),
    told: [],
    facts: { state: "offered" },
    remark: "sent again byte for byte, and stored once",
  },
  {
    id: "swapped-answers",
    threat: "B6",
    says: "gives the answer of one call to another",
    scene: message,
    begin: atAlice(() => ({
      down: (frame) =>
        frame.type === "reply" && frame.id !== "hello"
          ? [{ ...frame, id: "c999" }, frame]
          : [frame],
    })),
    told: [],
  },
  {
    id: "answered-twice",
    threat: "B3",
    says: "answers every call twice",
    scene: twoMessages,
    begin: atAlice(() => ({
      down: (frame) => (frame.type === "reply" && frame.id !== "hello" ? [frame, frame] : [frame]),
    })),
    told: [],
  },
];

export const sendingGames: LieFamily = { title: "Sending", lies };
