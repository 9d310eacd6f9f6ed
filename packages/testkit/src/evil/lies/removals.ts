import { parseInvite } from "@claudemesh/crypto";
import { type Envelope, everyone, type RosterEntry } from "@claudemesh/protocol";
import { Attacker } from "../attacker.ts";
import { type Lie, type LieFamily, notice, type Scene } from "../lie.ts";
import { message } from "../scenes.ts";
import { Sight } from "../sight.ts";
import type { Stage } from "../stage.ts";
import { both, inPlaceOf, onEvent, onFrame, only, onReply } from "../tricks.ts";
import { invent, refused } from "./phrases.ts";

/** Numbers those who are let in and removed, so that no two have the same name. */
let nth = 1_000;

/** Someone whom alice let in and has removed again, with the chain as it was before. */
async function banned(stage: Stage): Promise<Attacker> {
  const { alice, bob, broker, mesh } = stage;
  const { code } = await alice.api.invite.create({ mesh });
  const trent = await Attacker.join(broker.url, parseInvite(code).code, `newcomer ${++nth}`);
  for (const person of [alice, bob]) await person.api.member.list({ mesh });
  await alice.api.member.ban({ mesh, member: trent.member });
  await bob.api.member.list({ mesh });
  await stage.mallory.catchUp();
  return trent;
}

/** Gives bob what one who was removed has signed. */
const giving =
  (make: (trent: Attacker, stage: Stage) => Envelope) =>
  async (stage: Stage): Promise<void> => {
    const trent = await banned(stage);
    invent(stage, stage.bob.member, "message", () => make(trent, stage));
  };

/** Bob looks at his inbox and writes to everyone; carol reads. */
const bobToEveryone: Scene = {
  honest: { shown: 1 },
  async play(stage) {
    const { bob, carol } = stage;
    const sight = new Sight(stage);
    await sight.inboxOf(bob);
    const text = stage.text();
    stage.written.add(`${bob.name}: ${text}`);
    await sight.of(() => bob.send("*", text));
    await carol.restart();
    await sight.inboxOf(carol);
    return sight.seen({ shown: sight.shown.length });
  },
};

/** Ends bob's chain before the removal of someone, and brings what he writes to carol past the true broker, which would refuse it. */
async function hidingFromBob(stage: Stage): Promise<void> {
  const { bob, broker, carol, mallory } = stage;
  await mallory.catchUp();
  const { head } = mallory.roster;
  const isBefore = ({ seq }: RosterEntry) => seq <= head.seq;
  const welcome = onFrame("welcome", (frame) => [{ ...frame, roster: head }]);
  const list = onReply<{ items: RosterEntry[] }>("roster.list", ({ items }) => ({
    items: items.filter(isBefore),
    head,
  }));
  const live = onEvent("roster", (event) => (isBefore(event.body as RosterEntry) ? [event] : []));
  const sent: Envelope[] = [];
  const take = inPlaceOf("message.send", ({ envelope }: { envelope: Envelope }) => {
    sent.push(envelope);
    const { id } = envelope.header;
    return { output: { id, seq: 7, acceptedAt: Date.now(), repeated: false } };
  });
  const give = onEvent("caught_up", (frame, line) => [
    ...sent.splice(0).map((envelope) => line.event("message", envelope)),
    frame,
  ]);
  broker.lie(
    both(only(bob.member, both(welcome, both(list, both(live, take)))), only(carol.member, give)),
  );
  await bob.restart();
  await banned(stage);
}

const lies: readonly Lie[] = [
  {
    id: "removed-writes",
    threat: "B9, T7",
    says: "lets one who was removed write to bob, at a roster head from before",
    scene: message,
    begin: giving((trent, { bob }) => trent.message(bob.member, "still here")),
    told: [
      refused(
        "roster_stale",
        "the sender's roster ends at entry N, before the change at entry N",
        "a newcomer",
      ),
    ],
  },
  {
    id: "removed-writes-now",
    threat: "B9, T7",
    says: "lets one who was removed write to bob, at the roster's head of now",
    scene: message,
    begin: giving((trent, { bob, mallory }) =>
      trent.message(bob.member, "still here", { head: mallory.roster.head }),
    ),
    told: [
      refused("not_member", "the sender is not a member at the claimed roster head", "a newcomer"),
    ],
  },
  {
    id: "removed-writes-to-all",
    threat: "B9, B14, T7",
    says: "lets one who was removed write to everyone under the key that it had",
    scene: message,
    begin: giving((trent, { bob }) => {
      const { body } = trent.message(bob.member, "still here");
      const place = { to: everyone, kind: "broadcast", keyVersion: 0 } as const;
      return trent.signed(trent.header(bob.member, place), body);
    }),
    told: [
      refused(
        "roster_stale",
        "the sender's roster ends at entry N, before the change at entry N",
        "a newcomer",
      ),
    ],
  },
  {
    id: "removal-hidden",
    threat: "B10, T8",
    says: "hides a removal from bob, who writes to everyone",
    scene: bobToEveryone,
    begin: hidingFromBob,
    told: [
      notice("not_member", "a profile from the broker was refused: the profile is of no member"),
      refused(
        "roster_stale",
        "the sender's roster ends at entry N, before the change at entry N",
        "bob",
      ),
    ],
    facts: { shown: 0 },
    later: [notice("message_missing", "a message from bob to * is missing")],
  },
];

export const removals: LieFamily = { title: "Removals", lies };
