import type { Envelope } from "@claudemesh/protocol";
import type { Fields, Told } from "../evil-line.ts";
import type { Lie, LieFamily } from "../lie.ts";
import {
  lookingTwice,
  message,
  messageThenRestart,
  threeMessages,
  twoMessages,
} from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { both, onEvent, only } from "../tricks.ts";
import { missing, onlyStored } from "./phrases.ts";

/** What becomes of bob's messages, counted from 0. */
const eachToBob =
  (edit: (event: Fields, index: number) => readonly Told[]) =>
  ({ broker, bob }: Stage): void => {
    let count = 0;
    broker.lie(
      only(
        bob.member,
        onEvent("message", (event) => edit(event, count++)),
      ),
    );
  };

/** Puts every message that bob ever had at the end of each back-fill. */
function replayAll({ broker, bob }: Stage): void {
  const all = () => broker.bodies<Envelope>(bob.member, "message");
  const replay = onEvent("caught_up", (frame, line) => [
    ...all().map((body) => line.event("message", body)),
    frame,
  ]);
  broker.lie(only(bob.member, replay));
}

const replays: readonly Lie[] = [
  {
    id: "twice",
    threat: "B3, T3",
    says: "gives a message twice",
    scene: message,
    begin: ({ broker, bob }) =>
      broker.lie(
        only(
          bob.member,
          onEvent("message", (event, line) => [line.event("message", event.body), event]),
        ),
      ),
    told: [],
  },
  {
    id: "replay-after-restart",
    threat: "B3, T3",
    says: "gives every earlier message again after a restart",
    scene: messageThenRestart,
    begin: replayAll,
    told: [],
  },
  {
    id: "replay-ten-times",
    threat: "B3, T3",
    says: "gives the whole history ten times over",
    scene: message,
    begin: ({ broker, bob }) => {
      const all = () => broker.bodies<Envelope>(bob.member, "message");
      const replay = onEvent("caught_up", (frame, line) => [
        ...Array.from({ length: 10 }, all)
          .flat()
          .map((body) => line.event("message", body)),
        frame,
      ]);
      broker.lie(only(bob.member, replay));
    },
    told: [],
  },
  {
    id: "thirty-days-later",
    threat: "B3, B5, T3",
    says: "gives every earlier message again thirty days later",
    scene: messageThenRestart,
    begin: (stage) => {
      stage.forward(30 * 24 * 3_600_000);
      replayAll(stage);
    },
    told: [],
  },
];

const drops: readonly Lie[] = [
  {
    id: "dropped-in-between",
    threat: "B2, T4",
    says: "drops one message of three",
    scene: threeMessages,
    begin: eachToBob((event, index) => (index === 1 ? [] : [event])),
    told: [missing()],
    facts: { shown: 2 },
  },
  {
    id: "dropped-last",
    threat: "B2, T14",
    says: "drops the last message",
    scene: twoMessages,
    begin: eachToBob((event, index) => (index === 1 ? [] : [event])),
    told: [],
    facts: { shown: 1, state: "accepted" },
    remark: "the sender never sees `stored`; the reader is told once a later message comes",
    laterFacts: { shown: 3 },
  },
  {
    id: "dropped-all",
    threat: "B2, T14",
    says: "takes messages and gives none to their recipient",
    scene: message,
    begin: eachToBob(() => []),
    told: [],
    facts: { shown: 0, state: "accepted" },
    remark: "only the sender can notice: it never sees `stored`",
    laterFacts: { shown: 2 },
  },
  {
    id: "reordered",
    threat: "B4, T4",
    says: "gives two messages in the wrong order",
    scene: twoMessages,
    begin: ({ broker, bob }) => {
      let first: Fields | undefined;
      const swap = onEvent("message", (event, line) => {
        if (first === undefined) {
          first = event;
          return [];
        }
        const { body } = first;
        first = undefined;
        return [line.event("message", event.body), { ...event, body }];
      });
      broker.lie(only(bob.member, swap));
    },
    told: [],
    remark:
      "messages of one sender that wait together are shown in the order in which they were written",
  },
  {
    id: "released-later",
    threat: "B4, B5",
    says: "holds a message back and gives it after a later one was read",
    scene: lookingTwice,
    begin: ({ broker, bob }) => {
      let held: unknown;
      const hold = onEvent("message", (event) => {
        if (held !== undefined) return [event];
        held = event.body;
        return [];
      });
      let looks = 0;
      const release = onEvent("caught_up", (frame, line) => {
        looks += 1;
        return looks === 2 ? [line.event("message", held), frame] : [frame];
      });
      broker.lie(only(bob.member, both(hold, release)));
    },
    told: [missing()],
    facts: { inOrder: false },
  },
  {
    id: "same-position",
    threat: "B2, B4",
    says: "gives two messages the same position in the log",
    scene: twoMessages,
    begin: ({ broker, bob }) => {
      let seq: unknown;
      const same = onEvent("message", (event) => {
        seq ??= event.seq;
        return [{ ...event, seq }];
      });
      broker.lie(only(bob.member, same));
    },
    told: [],
    facts: { shown: 1, state: "accepted" },
    remark:
      "the second is passed over; it comes again with the next connection, as it was not acknowledged",
    laterFacts: { shown: 3 },
  },
  {
    id: "end-of-time",
    threat: "B2, B4",
    says: "gives a message the last position there can be",
    scene: twoMessages,
    begin: eachToBob((event, index) =>
      index === 0 ? [{ ...event, seq: Number.MAX_SAFE_INTEGER }] : [event],
    ),
    told: [onlyStored("cursor_invalid", "seq N is past the end of the log")],
    facts: { shown: 1, state: "stored" },
    laterFacts: { shown: 3 },
  },
];

export const replayed: LieFamily = { title: "Replayed messages", lies: replays };
export const lostMessages: LieFamily = {
  title: "Dropped, delayed and reordered messages",
  lies: drops,
};
