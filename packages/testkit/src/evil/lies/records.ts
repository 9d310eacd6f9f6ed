import { newRecordId, signRecord, systemRandom } from "@claudemesh/crypto";
import { type MeshRecord, nouns, type Written } from "@claudemesh/protocol";
import type { Trick } from "../evil-line.ts";
import { error, type Lie, type LieFamily, notice } from "../lie.ts";
import { readingState } from "../record-scene.ts";
import type { Stage } from "../stage.ts";
import { only, onReply } from "../tricks.ts";

interface Got {
  readonly record: MeshRecord;
}

const { get, set } = nouns.state;

/** Changes what bob is given of a key that he has read twice before. */
const onThirdRead = (
  { bob }: Stage,
  change: (newest: MeshRecord, first: MeshRecord) => MeshRecord,
): Trick => {
  const read: MeshRecord[] = [];
  return only(
    bob.member,
    onReply<Got>(get.name, (output) => {
      read.push(output.record);
      const [first] = read;
      if (read.length < 3 || first === undefined) return output;
      return { ...output, record: change(output.record, first) };
    }),
  );
};

const withWrite = (record: MeshRecord, over: Partial<Written>): MeshRecord => ({
  ...record,
  written: record.written.map((one) => ({ ...one, ...over })),
});

const why = ": the broker lies, or was restored to an earlier state";
const altered = notice(
  "bad_signature",
  `state plan is not what its author signed, and is shown as such${why}`,
);
const older = notice(
  "bad_signature",
  `state plan was given in an older state than this device has seen${why}`,
);

const lie = (
  id: string,
  says: string,
  change: (stage: Stage) => (newest: MeshRecord, first: MeshRecord) => MeshRecord,
  rest: Pick<Lie, "told" | "facts" | "remark">,
): Lie => ({
  id,
  threat: "B5, T2",
  says,
  scene: readingState,
  begin: (stage) => stage.broker.lie(onThirdRead(stage, change(stage))),
  ...rest,
});

const shownAsBad = { told: [altered], facts: { proof: "bad" } } as const;

/** Lies about state, memory, tasks and contexts, which are all kept and checked alike. */
export const recordGames: LieFamily = {
  title: "Shared data",
  lies: [
    lie(
      "record-value",
      "changes the value of a key",
      () => (newest) => withWrite(newest, { input: { key: "plan", value: "another" } }),
      { ...shownAsBad, facts: { ...shownAsBad.facts, value: "another" } },
    ),
    lie(
      "record-author",
      "puts another member's name on a write",
      ({ carol }) =>
        (newest) =>
          withWrite(newest, { by: carol.member }),
      shownAsBad,
    ),
    lie(
      "record-accomplice",
      "has its accomplice set a key in alice's name",
      ({ mallory, mesh }) =>
        (newest) => {
          const input = { key: "plan", value: "another" };
          const id = newRecordId(Date.now, systemRandom);
          const by = { id, device: mallory.device, at: Date.now() };
          const signed = signRecord({ mesh, op: set.name, input }, by, mallory.secret.signer);
          return withWrite(newest, { id, input, signed });
        },
      { ...shownAsBad, facts: { ...shownAsBad.facts, value: "another" } },
    ),
    lie(
      "record-unsigned",
      "takes the signature from a write",
      () => (newest) => ({
        ...newest,
        written: newest.written.map(({ signed: _signed, ...one }) => one),
      }),
      shownAsBad,
    ),
    lie("record-older", "gives an older version of a key", () => (_newest, first) => first, {
      told: [older],
      remark: "what the device had seen is shown",
    }),
    lie(
      "record-older-as-new",
      "gives an older value as the newest",
      () => (newest, first) => ({ ...first, version: newest.version + 1 }),
      { told: [older], remark: "what the device had seen is shown" },
    ),
    lie(
      "record-other-key",
      "answers with what was set under another key",
      () => (newest) => ({ ...newest, key: "goal" }),
      {
        told: [
          error("not_found", "there is no key plan in the state of team"),
          notice("bad_signature", altered.text.replace("plan", "goal")),
        ],
        facts: { value: "none", proof: "none" },
      },
    ),
  ],
};
