import { nextEntry } from "@claudemesh/crypto";
import type { MemberId, WirePeer } from "@claudemesh/protocol";
import type { Attacker } from "../attacker.ts";
import { error, type Lie, type LieFamily, notice } from "../lie.ts";
import { talkingToSession } from "../session-scene.ts";
import type { Stage } from "../stage.ts";
import { only, onReply } from "../tricks.ts";

type Listed = { readonly items: readonly WirePeer[] };

/** Changes what bob is told of who is there, by list and by key. */
const tellingBob =
  (change: (items: readonly WirePeer[], stage: Stage) => readonly WirePeer[]) =>
  (stage: Stage): void => {
    const edit = onReply<Listed>("peer.list", (said) => ({ items: change(said.items, stage) }));
    stage.broker.lie(only(stage.bob.member, edit));
  };

const passedOver = (why: string) =>
  notice("peer_refused", `a session that the broker shows as connected is passed over: ${why}`);

const unsigned = "the signature of the attestation does not verify";
const nobody = error(
  "no_recipient",
  "to: there is no HASH in the mesh; known: alice, carol, mallory",
);
const unreached = { delivered: 0, state: "not sent" } as const;

const isOfAlice = ({ member, session }: WirePeer, { alice }: Stage) =>
  member === alice.member && session !== undefined;

/** A session that is none, under an attestation. */
const ghost = (
  attestation: ReturnType<Attacker["attestation"]>,
  { member, device } = attestation,
): WirePeer => ({
  member,
  device,
  type: "ai",
  connectedAt: 1,
  session: {
    attestation,
    info: {
      type: "ai",
      tags: [],
      visible: true,
      status: { status: "idle", source: "hook", at: 1 },
    },
    live: true,
    lastSeenAt: 1,
  },
});

/** Shows bob one session too many. */
const showing =
  (make: (stage: Stage) => WirePeer | Promise<WirePeer>) =>
  async (stage: Stage): Promise<void> => {
    const made = await make(stage);
    tellingBob((items) => [...items, made])(stage);
  };

const lies: readonly Lie[] = [
  {
    id: "ghost-session",
    threat: "B8, T2",
    says: "shows a session of alice that she never attested",
    scene: talkingToSession,
    begin: showing(({ alice, mallory }) => ghost(mallory.attestation({ member: alice.member }))),
    told: [passedOver(unsigned)],
  },
  {
    id: "swapped-session-keys",
    threat: "B8, T2",
    says: "puts its accomplice's keys into alice's attestation",
    scene: talkingToSession,
    begin: tellingBob((items, stage) =>
      items.map((peer) =>
        isOfAlice(peer, stage) && peer.session
          ? {
              ...peer,
              session: {
                ...peer.session,
                attestation: { ...peer.session.attestation, keys: stage.mallory.secret.keys },
              },
            }
          : peer,
      ),
    ),
    told: [nobody, passedOver(unsigned)],
    facts: { ...unreached, listed: [], summary: "" },
  },
  {
    id: "session-of-accomplice",
    threat: "C1, T15",
    says: "shows its accomplice's session under alice's name",
    scene: talkingToSession,
    begin: showing(({ alice, mallory }) => {
      const attestation = mallory.attestation();
      return ghost(attestation, { ...attestation, member: alice.member });
    }),
    told: [passedOver("it is attested for someone else")],
  },
  {
    id: "session-of-another-mesh",
    threat: "B6, T5",
    says: "shows a session that is attested for another mesh",
    scene: talkingToSession,
    begin: showing(async (stage) => {
      const { mallory } = await stage.second();
      const { member, device } = stage.mallory;
      const attestation = mallory.attestation();
      return ghost(attestation, { ...attestation, member, device });
    }),
    told: [passedOver("it is attested for another mesh")],
  },
  {
    id: "expired-session",
    threat: "B10, T8",
    says: "shows a session whose attestation is over",
    scene: talkingToSession,
    begin: showing(({ mallory }) => ghost(mallory.attestation({ at: 1 }))),
    told: [passedOver("notAfter: the session's attestation has expired")],
  },
  {
    id: "revoked-session",
    threat: "B10, T8",
    says: "shows a session that its member has ended for good",
    scene: talkingToSession,
    begin: showing(async ({ mallory }) => {
      await mallory.catchUp();
      const attestation = mallory.attestation();
      const { session } = attestation;
      const by = { signer: mallory.secret.signer, now: Date.now() };
      const entry = nextEntry(mallory.roster, "session_revoke", { session }, by);
      await using client = mallory.connect("call");
      await client.roster.append({ entry });
      return ghost(attestation);
    }),
    told: [passedOver("its member has revoked it")],
  },
  {
    id: "session-of-nobody",
    threat: "B9, T7",
    says: "shows a session of someone who is no member",
    scene: talkingToSession,
    begin: showing(({ mallory }) =>
      ghost(mallory.attestation({ member: `mbr_${"cd".repeat(32)}` as MemberId })),
    ),
    told: [],
  },
  {
    id: "replayed-session",
    threat: "B10, T8",
    says: "shows sessions that have ended as live",
    scene: talkingToSession,
    begin: (stage) => {
      const known = new Map<string, WirePeer>();
      tellingBob((items) => {
        for (const peer of items) {
          if (peer.session) known.set(peer.session.attestation.session, peer);
        }
        return [...items, ...[...known.values()].filter((peer) => !items.includes(peer))];
      })(stage);
    },
    told: [],
    facts: { ghosts: 1 },
    remark:
      "that a session is there now is the broker's word; the device that had it says, signed, that it has ended",
  },
  {
    id: "session-hidden",
    threat: "B9, T7",
    says: "leaves alice's session out",
    scene: talkingToSession,
    begin: tellingBob((items, stage) => items.filter((peer) => !isOfAlice(peer, stage))),
    told: [nobody],
    facts: { ...unreached, listed: [], summary: "" },
  },
  {
    id: "rewritten-presence",
    threat: "B8, T7",
    says: "puts words into the mouth of alice's session",
    scene: talkingToSession,
    begin: tellingBob((items, stage) =>
      items.map((peer) =>
        isOfAlice(peer, stage) && peer.session
          ? {
              ...peer,
              session: {
                ...peer.session,
                info: { ...peer.session.info, summary: "on holiday" },
              },
            }
          : peer,
      ),
    ),
    told: [],
    facts: { summary: "on holiday" },
    remark: "what a session says of itself is presence: unsigned, and the broker's word",
  },
];

export const sessionGames: LieFamily = { title: "Sessions", lies };
