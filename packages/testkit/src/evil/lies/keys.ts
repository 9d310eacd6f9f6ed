import {
  createMeshKey,
  domains,
  sealKeyBundle,
  signStatement,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import type { KeyBundleRow, RosterEntry } from "@claudemesh/protocol";
import { type Lie, type LieFamily, notice, type Scene } from "../lie.ts";
import { Sight } from "../sight.ts";
import type { Stage } from "../stage.ts";
import { both, inPlaceOf, onEvent, onFrame, only, onReply } from "../tricks.ts";

/** Alice changes the mesh's key, since a link of hers leaked, and writes to all; bob and carol read. */
const changedKey: Scene = {
  honest: { bob: 1, carol: 1 },
  async play(stage) {
    const { alice, bob, carol } = stage;
    const sight = new Sight(stage);
    const { id } = await alice.api.invite.create({ mesh: stage.mesh });
    await sight.of(() => alice.api.invite.revoke({ mesh: stage.mesh, invite: id, leaked: true }));
    const text = stage.text();
    stage.written.add(`${alice.name}: ${text}`);
    await sight.of(() => alice.send("*", text));
    const count = async (person: typeof bob) => {
      const before = sight.shown.length;
      await person.restart();
      await sight.inboxOf(person);
      return sight.shown.length - before;
    };
    return sight.seen({ bob: await count(bob), carol: await count(carol) });
  },
};

interface Rows {
  readonly items: readonly KeyBundleRow[];
}

/** Answers bob's question for his rows with others, and has nobody else give him the key. */
const giving =
  (change: (rows: readonly KeyBundleRow[], stage: Stage) => readonly KeyBundleRow[]) =>
  async (stage: Stage): Promise<void> => {
    await stage.mallory.catchUp();
    const list = onReply<Rows>("keys.list", ({ items }) => ({ items: change(items, stage) }));
    const want = inPlaceOf("keys.want", () => ({ output: { asked: [] } }));
    const late = onEvent("key", () => []);
    stage.broker.lie(only(stage.bob.member, both(list, both(want, late))));
  };

const waits = [
  notice(
    "awaiting_key",
    "the mesh key of epoch N is not here; nobody who has it is connected; the first who comes is asked; what waits for it opens by itself when it comes",
  ),
  notice(
    "awaiting_key",
    "a message from alice waits for key N, which this device has not been given yet; it is opened when the key comes",
  ),
];

const refused = (code: string, who: string, why: string) =>
  notice(code, `a key that the broker gave as sealed by ${who} was refused: ${why}`);

const lie = (
  id: string,
  threat: string,
  says: string,
  begin: Lie["begin"],
  first: Lie["told"] = [],
): Lie => ({
  id,
  threat,
  says,
  scene: changedKey,
  begin,
  told: [...first, ...waits],
  facts: { bob: 0 },
  laterFacts: { bob: 2 },
  remark: "what waited is opened as soon as the broker gives the key",
});

/** A row for bob under the true commitment that holds another key, signed by the accomplice, who is a member. */
function wrongKey({ bob, mallory }: Stage, [row]: readonly KeyBundleRow[]): KeyBundleRow[] {
  if (row === undefined) return [];
  const { roster, secret } = mallory;
  const [made] = sealKeyBundle({
    roster,
    key: createMeshKey(systemRandom),
    signer: secret.signer,
    random: systemRandom,
    recipients: [bob.member],
  });
  if (made === undefined) return [];
  const { sig: _sig, ...fields } = made;
  const { commitment } = row;
  return [signStatement(domains.keyBundle, { ...fields, commitment }, secret.signer)];
}

/** Ends the chain for bob where it is now. */
async function endingForBob({ bob, broker, mallory }: Stage): Promise<void> {
  await mallory.catchUp();
  const { head } = mallory.roster;
  const welcome = onFrame("welcome", (frame) => [{ ...frame, roster: head }]);
  const list = onReply<{ items: readonly RosterEntry[] }>("roster.list", ({ items }) => ({
    items: items.filter(({ seq }) => seq <= head.seq),
    head,
  }));
  const live = onEvent("roster", (event) =>
    (event.body as RosterEntry).seq <= head.seq ? [event] : [],
  );
  broker.lie(only(bob.member, both(welcome, both(list, live))));
}

/** Lies about the keys that a removal, or a leaked link, makes anew. */
export const keyGames: LieFamily = {
  title: "Keys that turn over",
  lies: [
    lie(
      "rows-withheld",
      "B14, T12",
      "drops a member's row of a key bundle",
      giving(() => []),
    ),
    lie(
      "rows-altered",
      "B14, T12",
      "changes what is sealed in a row",
      giving((rows) =>
        rows.map((row) => ({ ...row, sealed: toBase64(systemRandom(80)) as typeof row.sealed })),
      ),
      [refused("bad_signature", "alice", "the signature of the key bundle row does not verify")],
    ),
    lie(
      "rows-of-another",
      "B14, T12",
      "gives a member the row of another",
      giving((rows, { carol }) => rows.map((row) => ({ ...row, recipient: carol.member }))),
      [refused("forbidden", "alice", "recipient: the key bundle row is for another member")],
    ),
    lie(
      "rows-of-accomplice",
      "B14, C12",
      "gives a row in which its accomplice sealed another key",
      giving((rows, stage) => wrongKey(stage, rows)),
      [refused("bad_signature", "mallory", "the sealed key does not fit its commitment")],
    ),
    {
      ...lie(
        "epoch-hidden",
        "B10, T8",
        "hides a new key, and what made it, from one member",
        endingForBob,
      ),
      told: [
        notice(
          "awaiting_roster",
          "a message waits: its sender knows roster entry N, which the broker does not give",
        ),
      ],
      remark: "what waited is opened as soon as the broker gives the roster",
    },
  ],
};
