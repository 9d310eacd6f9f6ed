import type { Fields, Trick } from "../evil-line.ts";
import type { Lie, LieFamily } from "../lie.ts";
import { message, messageThenRestart } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { onEvent, onFrame, only, onReply } from "../tricks.ts";
import { onlyStored } from "./phrases.ts";

const atBob =
  (trick: (stage: Stage) => Trick) =>
  (stage: Stage): void =>
    stage.broker.lie(only(stage.bob.member, trick(stage)));

const cursor = (make: (true_: string, stage: Stage) => string) => (stage: Stage) =>
  onReply<Fields>("receipt", (said) => ({ ...said, cursor: make(String(said.cursor), stage) }));

const lies: readonly Lie[] = [
  {
    id: "foreign-cursor",
    threat: "B10, T3",
    says: "gives a cursor that is none",
    scene: messageThenRestart,
    begin: atBob(cursor(() => "bm90aGluZw.none")),
    told: [],
    remark: "the device connects without it, from where the broker last knew it",
  },
  {
    id: "huge-cursor",
    threat: "C4, T19",
    says: "gives a cursor of a million characters",
    scene: messageThenRestart,
    begin: atBob(cursor(() => "c".repeat(1_000_000))),
    told: [],
    remark: "it is not kept",
  },
  {
    id: "oldest-cursor",
    threat: "B3, T3",
    says: "gives back the first cursor it ever gave",
    scene: messageThenRestart,
    begin: atBob((stage) => {
      const [first] = stage.broker.everyReply("receipt");
      return cursor(() => String(first?.cursor))(stage);
    }),
    told: [],
  },
  {
    id: "new-epoch",
    threat: "B10, T8",
    says: "begins a new epoch at every connection",
    scene: messageThenRestart,
    begin: (stage) => {
      let count = 0;
      const epoch = onFrame("welcome", (frame) => {
        const position = { ...(frame.position as Fields), epoch: `epoch-${count++}` };
        return [{ ...frame, position, from: "new_epoch" }];
      });
      stage.broker.lie(epoch);
    },
    told: [],
  },
  {
    id: "far-head",
    threat: "B20",
    says: "names a position far beyond what there is",
    scene: message,
    begin: ({ broker }) =>
      broker.lie(onFrame("welcome", (frame) => [{ ...frame, headSeq: Number.MAX_SAFE_INTEGER }])),
    told: [],
  },
  {
    id: "never-caught-up",
    threat: "N4",
    says: "never ends the back-fill",
    scene: message,
    begin: (stage) =>
      atBob(() => ({
        ...onEvent("caught_up", () => {
          stage.forward(31_000);
          return [];
        }),
        up: (frame) => {
          if (frame.type === "receipt") stage.forward(31_000);
          return [frame];
        },
      }))(stage),
    told: [
      onlyStored(
        "timeout",
        "the broker began a back-fill and does not go on with it",
        "the broker cannot be asked",
      ),
    ],
    facts: {},
  },
];

export const cursorGames: LieFamily = { title: "Cursors and positions", lies };
