import { entryHash } from "@claudemesh/crypto";
import type { Envelope, RosterEntry, RosterHead } from "@claudemesh/protocol";
import type { Trick } from "../evil-line.ts";
import { error, type Lie, type LieFamily } from "../lie.ts";
import { listing, message } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { both, inPlaceOf, onEvent, onFrame, only, onReply } from "../tricks.ts";
import { invent, refused } from "./phrases.ts";

/** Shows one member a chain that ends with `entry`, as if nothing had come after. */
function branch(member: string, entry: RosterEntry) {
  const head = { seq: entry.seq, hash: entryHash(entry) };
  return only(
    member,
    both(
      onFrame("welcome", (frame) => [{ ...frame, roster: head }]),
      onReply<{ items: RosterEntry[] }>(
        "roster.list",
        (_page, _line, input: { after: number }) => ({
          items: input.after < entry.seq ? [entry] : [],
          head,
        }),
      ),
      onEvent("roster", () => []),
    ),
  );
}

/** Takes alice's message and gives it to bob, past the true broker, which would refuse a head that it does not have. */
function carrying({ alice, bob }: Stage): Trick {
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
  return both(only(alice.member, take), only(bob.member, give));
}

const lies: readonly Lie[] = [
  {
    id: "split-view",
    threat: "B11, T9",
    says: "shows bob and alice two different entries of its accomplice in the same place",
    scene: message,
    begin: async (stage) => {
      const { alice, bob, broker, mallory } = stage;
      await mallory.catchUp();
      broker.lie(
        both(
          branch(alice.member, mallory.entry()),
          branch(bob.member, mallory.entry()),
          carrying(stage),
        ),
      );
      await alice.restart();
      await bob.restart();
      await alice.api.member.list({ mesh: stage.mesh });
    },
    told: [
      refused(
        "roster_fork",
        "the sender's roster differs from mine at entry N (theirs HASH, mine HASH)",
      ),
    ],
    facts: { shown: 0, state: "accepted" },
    lasting:
      "both signed entries are proof; who follows a branch stays on it until a person decides",
  },
  {
    id: "branch-for-one",
    threat: "B11, T9",
    says: "showed bob an entry that nobody else was shown",
    scene: listing,
    begin: async (stage) => {
      const { bob, broker, mallory } = stage;
      await mallory.catchUp();
      broker.lie(branch(bob.member, mallory.entry()));
      await bob.restart();
      await bob.api.member.list({ mesh: stage.mesh });
      broker.honest();
      await stage.alice.api.mesh.settings({ mesh: stage.mesh, retentionDays: 9 });
    },
    told: [
      error(
        "roster_fork",
        "the broker shows another roster than the one verified here: entry N differs",
      ),
    ],
    lasting: "bob's device never goes back behind what it has verified",
  },
  {
    id: "withheld-entries",
    threat: "B10, T8",
    says: "keeps the newest roster entries from bob",
    scene: message,
    begin: async (stage) => {
      const { alice, bob, broker, mallory } = stage;
      await mallory.catchUp();
      const { head } = mallory.roster;
      broker.lie(
        only(
          bob.member,
          both(
            onFrame("welcome", (frame) => [{ ...frame, roster: head }]),
            onReply("roster.list", () => ({ items: [], head })),
            onEvent("roster", () => []),
          ),
        ),
      );
      await bob.restart();
      const days = 10 + (head.seq % 50);
      await alice.api.mesh.settings({ mesh: stage.mesh, retentionDays: days });
    },
    told: [
      {
        how: "notice",
        code: "awaiting_roster",
        text: "a message waits: its sender knows roster entry N, which the broker does not give",
      },
    ],
    facts: { shown: 0, state: "accepted" },
    laterFacts: { shown: 2 },
    remark: "noticed at the first message of someone who was shown more",
  },
  {
    id: "head-of-the-future",
    threat: "B11, T9",
    says: "has its accomplice claim a roster head that nobody can prove",
    scene: message,
    begin: async (stage) => {
      const { bob, mallory } = stage;
      await mallory.catchUp();
      const head = { seq: 9_000, hash: "ab".repeat(32) as RosterHead["hash"] };
      const envelope = mallory.message(bob.member, "from the future", { head });
      invent(stage, bob.member, "message", () => envelope);
    },
    told: [
      {
        how: "notice",
        code: "awaiting_roster",
        text: "a message waits: its sender knows roster entry N, which the broker does not give",
      },
    ],
    remark: "it is never shown",
  },
  {
    id: "other-history",
    threat: "B11, T9",
    says: "has its accomplice claim another hash for a known entry",
    scene: message,
    begin: async (stage) => {
      const { bob, mallory } = stage;
      await mallory.catchUp();
      const head = { ...mallory.roster.head, hash: "ab".repeat(32) as RosterHead["hash"] };
      const envelope = mallory.message(bob.member, "from elsewhere", { head });
      await bob.api.member.list({ mesh: stage.mesh });
      invent(stage, bob.member, "message", () => envelope);
    },
    told: [
      refused(
        "roster_fork",
        "the sender's roster differs from mine at entry N (theirs HASH, mine HASH)",
        "mallory",
      ),
    ],
  },
];

export const splitViews: LieFamily = { title: "Split views", lies };
