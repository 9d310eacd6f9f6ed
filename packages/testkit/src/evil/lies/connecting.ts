import type { Fields, Told, Trick } from "../evil-line.ts";
import { error, type Lie, type LieFamily } from "../lie.ts";
import { asking } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { onFrame, only, onReply, refusing } from "../tricks.ts";
import { onlyStored } from "./phrases.ts";

/** What can be answered from what is kept is, with its age; the inbox says why. */
const cannotAsk = (why: string) => onlyStored("offline", why, "the broker cannot be asked");

const lie = (
  id: string,
  threat: string,
  says: string,
  trick: (stage: Stage) => Trick,
  [code, text]: readonly [string, string],
): Lie => ({
  id,
  threat,
  says,
  scene: asking,
  begin: (stage) => stage.broker.lie(trick(stage)),
  ...(code === "offline"
    ? { told: [cannotAsk(text)], facts: { isNews: false } }
    : { told: [error(code, text)], facts: { answered: false, isNews: false } }),
});

const challenge = (change: Fields): Trick =>
  onFrame("challenge", (frame) => [{ ...frame, ...change }]);
const welcome = (change: (frame: Fields) => Fields): Trick =>
  onFrame("welcome", (frame) => [{ ...frame, ...change(frame) }]);

/** Sends this after the welcome. */
const afterWelcome = (told: Told): Trick => onFrame("welcome", (frame) => [frame, told]);
const afterChallenge = (told: Told): Trick => onFrame("challenge", (frame) => [told, frame]);

const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

const broke = (what: string): readonly [string, string] => [
  "offline",
  `BROKER: the broker sent ${what}`,
];

const lies: readonly Lie[] = [
  lie(
    "older-protocol",
    "B14, T12",
    "speaks only an older protocol",
    () => challenge({ protocol: { current: 0, min: 0 } }),
    [
      "upgrade_required",
      "BROKER speaks protocol versions N to N, this program N to N; upgrade the broker",
    ],
  ),
  lie(
    "newer-protocol",
    "B14, T12",
    "speaks only a newer protocol",
    () => challenge({ protocol: { current: 9, min: 9 } }),
    [
      "upgrade_required",
      "BROKER speaks protocol versions N to N, this program N to N; upgrade this program",
    ],
  ),
  lie(
    "upgrade-demanded",
    "B14, T12",
    "demands an upgrade for one operation",
    ({ alice }) => only(alice.member, refusing("mesh.info", "upgrade_required")),
    ["upgrade_required", "so says the broker"],
  ),
  lie(
    "protocol-changed-in-welcome",
    "B14, T12",
    "welcomes in another protocol version than it was greeted in",
    () => welcome(() => ({ protocol: 0 })),
    ["upgrade_required", "the broker took a hello in protocol version N and answers in N"],
  ),
  lie(
    "false-time",
    "B20",
    "accepts a hello and gives a time a year off",
    () => welcome((frame) => ({ time: Number(frame.time) + 365 * 86_400_000 })),
    ["clock_skew", "the clocks differ too much: the broker's says TIME, this machine's TIME"],
  ),
  lie(
    "welcome-to-another-mesh",
    "B6, T5",
    "welcomes to another mesh",
    () => welcome(() => ({ mesh: `mesh_${"ab".repeat(32)}` })),
    broke("a welcome to another mesh"),
  ),
  lie(
    "old-challenge",
    "N1, T23",
    "gives the same challenge again and plays the old hello to the true broker",
    () => challenge({ challenge: "A".repeat(43) }),
    ["unauthorized", "the hello answers another connection's challenge"],
  ),
  {
    id: "relayed-hello",
    threat: "N1, T23",
    says: "passes a hello on to another broker",
    scene: asking,
    begin: async (stage) => stage.broker.divert(await stage.elsewhere()),
    told: [error("wrong_host", "the hello is for another host than this broker")],
    facts: { answered: false, isNews: false },
  },
  lie(
    "membership-denied",
    "B20",
    "says that the membership was revoked",
    () => ({
      up: (frame, line) => {
        if (frame.type !== "hello") return [frame];
        line.tell({
          type: "reply",
          id: "hello",
          error: { code: "not_member", message: "so says the broker" },
        });
        line.close(4002);
        return [];
      },
    }),
    ["not_member", "so says the broker"],
  ),
  lie(
    "closed-for-good",
    "B20",
    "closes with the code for a revoked membership",
    () =>
      onFrame("welcome", (_frame, line) => {
        line.close(4002);
        return [];
      }),
    [
      "not_member",
      "BROKER: your membership was revoked; an owner can let you back with `claudemesh unban`",
    ],
  ),
  lie(
    "not-json",
    "C4, T19",
    "sends text that is no JSON",
    () => afterWelcome("{"),
    broke("a frame that is not JSON"),
  ),
  lie(
    "bytes",
    "C4, T19",
    "sends bytes",
    () => afterWelcome(Uint8Array.of(1, 2, 3)),
    broke("a frame that is not text"),
  ),
  lie(
    "not-an-object",
    "C4, T19",
    "sends a number",
    () => afterWelcome("7"),
    broke("a frame that is not an object"),
  ),
  lie(
    "second-welcome",
    "B3",
    "welcomes twice",
    () => onFrame("welcome", (frame) => [frame, frame]),
    broke("a frame out of order (welcomed while open)"),
  ),
  lie(
    "event-before-welcome",
    "B4",
    "sends an event before the welcome",
    () => afterChallenge({ type: "event", kind: "caught_up", seq: 1 }),
    broke("a frame out of order (spoke while dialling)"),
  ),
  lie(
    "reply-without-id",
    "C4",
    "answers nobody",
    () => afterWelcome({ type: "reply", output: {} }),
    broke("a reply without an id"),
  ),
  lie(
    "no-welcome",
    "N4",
    "never welcomes",
    (stage) =>
      onFrame("welcome", () => {
        queueMicrotask(() => stage.loseIfPatient());
        return [];
      }),
    ["offline", "cannot reach BROKER: no welcome within N ms"],
  ),
  {
    id: "deep-json",
    threat: "C4, T19",
    says: "sends JSON a hundred thousand levels deep",
    scene: asking,
    begin: ({ broker }) =>
      broker.lie(afterWelcome(`{"type":"progress","id":"x","done":1,"note":"x","deep":${deep}}`)),
    told: [],
  },
  {
    id: "huge-frame",
    threat: "C4, T19",
    says: "sends a frame of eight million characters",
    scene: asking,
    begin: ({ broker }) =>
      broker.lie(afterWelcome({ type: "weather", text: "x".repeat(8_000_000) })),
    told: [],
  },
  {
    id: "prototype-keys",
    threat: "C4, T19",
    says: "puts `__proto__` into its answers",
    scene: asking,
    begin: ({ broker }) =>
      broker.lie(
        onReply<Fields>("mesh.info", (said) =>
          JSON.parse(`{"__proto__": {"name": "Enemy"}, ${JSON.stringify(said).slice(1)}`),
        ),
      ),
    told: [],
  },
];

export const connecting: LieFamily = { title: "Connecting", lies };
