import { signGrants } from "@claudemesh/crypto";
import type { Grants } from "@claudemesh/protocol";
import { type Lie, type LieFamily, notice, type Scene } from "../lie.ts";
import { Sight } from "../sight.ts";
import type { Stage } from "../stage.ts";
import { inPlaceOf, only } from "../tricks.ts";
import { invent } from "./phrases.ts";

/** Bob blocks carol, who writes to him; then he lifts the block, and she writes again. */
const blocking: Scene = {
  honest: { blocked: true, whileBlocked: 0, after: 1 },
  async play(stage) {
    const { bob, carol, mesh } = stage;
    const sight = new Sight(stage);
    const written = async () => {
      const text = stage.text();
      stage.written.add(`${carol.name}: ${text}`);
      await sight.of(() => carol.send(bob.name, text));
      const before = sight.shown.length;
      await sight.inboxOf(bob);
      return sight.shown.length - before;
    };
    const blocked = await sight.of(() => bob.api.grant.block({ mesh, peer: carol.name }));
    const whileBlocked = await written();
    await sight.of(() => bob.api.grant.unblock({ mesh, peer: carol.name }));
    return sight.seen({ blocked: blocked?.blocked ?? false, whileBlocked, after: await written() });
  },
};

/** Bob's own words on what others may do to him, as he signed them, oldest first. */
const ownGrants = ({ bob, broker }: Stage): Grants[] =>
  broker.inputs<{ grants: Grants }>(bob.member, "grant.set").map(({ grants }) => grants);

/** Gives bob such a word, as if another device of his had said it. */
const giving = (make: (stage: Stage) => Grants | undefined) => (stage: Stage) =>
  invent(stage, stage.bob.member, "grants", () => make(stage));

const wrong = (why: string) =>
  notice("bad_signature", `grants from the broker were refused: ${why}`);

const lies: readonly Lie[] = [
  {
    id: "block-not-heeded",
    threat: "B7, T7",
    says: "takes a block and lets the blocked one through",
    scene: blocking,
    begin: ({ bob, broker }) =>
      broker.lie(
        only(
          bob.member,
          inPlaceOf("grant.set", ({ grants }: { grants: Grants }) => ({
            output: { member: grants.member, version: grants.version },
          })),
        ),
      ),
    told: [],
    remark: "bob's own device keeps back what a broker lets through",
  },
  {
    id: "grants-by-accomplice",
    threat: "C1, T15",
    says: "has its accomplice say what others may do to bob",
    scene: blocking,
    begin: giving(({ bob, mallory, mesh }) =>
      signGrants(
        { mesh, member: bob.member, version: 9_000, rules: [], at: Date.now() },
        mallory.secret.signer,
      ),
    ),
    told: [wrong("author: the grants are signed by another key")],
  },
  {
    id: "grants-altered",
    threat: "T2, T7",
    says: "takes the rules out of bob's own word on what others may do",
    scene: blocking,
    begin: giving((stage) => {
      const own = ownGrants(stage).find(({ rules }) => rules.length > 0);
      return own && { ...own, version: 9_001, rules: [] };
    }),
    told: [wrong("the signature of the grants does not verify")],
  },
  {
    id: "grants-replayed",
    threat: "B10, T8",
    says: "gives an older word of bob's on what others may do again",
    scene: blocking,
    begin: giving((stage) => ownGrants(stage).find(({ rules }) => rules.length === 0)),
    told: [],
  },
];

export const grantGames: LieFamily = { title: "Grants", lies };
