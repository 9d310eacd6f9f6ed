import {
  createIdentitySeed,
  createInviteCode,
  deriveMember,
  entryHash,
  inviteSecret,
  nextEntry,
  parseInvite,
  type Roster,
  signEntry,
  signInviteProof,
  systemRandom,
} from "@claudemesh/crypto";
import type { RosterEntry, RosterHead, Signature } from "@claudemesh/protocol";
import type { Fields } from "../evil-line.ts";
import { error, type Lie, type LieFamily } from "../lie.ts";
import { asking, listing } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { both, onFrame, only, onReply } from "../tricks.ts";

interface Page {
  readonly items: readonly RosterEntry[];
  readonly head: RosterHead;
}

const now = (): number => Date.now();

/** Names another head to bob at his hello, and gives that page for every question. */
function showing(stage: Stage, head: RosterHead, page: (true_: Page) => Page): void {
  const welcome = onFrame("welcome", (frame) => [{ ...frame, roster: head }]);
  const list = onReply<Page>("roster.list", page);
  stage.broker.lie(only(stage.bob.member, both(welcome, list)));
}

/** Adds an entry to the chain that bob is shown. */
const adding =
  (make: (stage: Stage, roster: Roster) => RosterEntry | Promise<RosterEntry>) =>
  async (stage: Stage): Promise<void> => {
    await stage.mallory.catchUp();
    const entry = await make(stage, stage.mallory.roster);
    const head = { seq: entry.seq, hash: entryHash(entry) };
    showing(stage, head, ({ items }) => ({ items: [...items, entry], head }));
  };

const stranger = (stage: Stage) =>
  deriveMember(createIdentitySeed(systemRandom), { mesh: stage.mesh }, 0);

/** A join of someone whom nobody invited, with a proof of the broker's choice. */
function ghost(
  stage: Stage,
  roster: Roster,
  prove: (keys: ReturnType<typeof stranger>["keys"]) => {
    readonly invite: Extract<RosterEntry, { type: "join" }>["body"]["invite"];
    readonly proof: Signature;
  },
): RosterEntry {
  const { keys, signer } = stranger(stage);
  return nextEntry(roster, "join", { keys, ...prove(keys) }, { signer, now: now() });
}

const malloryJoin = ({ mallory, broker }: Stage) => {
  const join = broker
    .everyEntry()
    .find((entry) => entry.type === "join" && entry.author === mallory.secret.signer.key);
  if (join?.type !== "join") throw new Error("mallory never joined");
  return join;
};

const byMallory = (stage: Stage) => ({ signer: stage.mallory.secret.signer, now: now() });

const lie = (
  id: string,
  threat: string,
  says: string,
  begin: Lie["begin"],
  [code, text]: readonly [string, string],
): Lie => ({
  id,
  threat,
  says,
  scene: listing,
  begin,
  told: [error(code, text)],
});

const ghosts: readonly Lie[] = [
  lie(
    "ghost-without-proof",
    "B9, T7",
    "adds a member without any invite's proof",
    adding((stage, roster) =>
      ghost(stage, roster, () => ({
        invite: malloryJoin(stage).body.invite,
        proof: "A".repeat(86) as Signature,
      })),
    ),
    ["bad_signature", "the invite proof of the join does not verify"],
  ),
  lie(
    "ghost-stolen-proof",
    "B9, T7",
    "adds a member with the proof of another's join",
    adding((stage, roster) => {
      const { invite, proof } = malloryJoin(stage).body;
      return ghost(stage, roster, () => ({ invite, proof }));
    }),
    ["bad_signature", "the invite proof of the join does not verify"],
  ),
  lie(
    "ghost-used-invite",
    "B9, T21",
    "adds a member by its accomplice's invite, which is used up",
    adding((stage, roster) =>
      ghost(stage, roster, (keys) => {
        const { id, signer } = inviteSecret(stage.malloryCode);
        return {
          invite: id,
          proof: signInviteProof({ mesh: stage.mesh, invite: id, keys }, signer),
        };
      }),
    ),
    ["exhausted", "invite ID has no uses left"],
  ),
  lie(
    "ghost-own-invite",
    "B9, T7",
    "adds a member by an invite that is not in the chain",
    adding((stage, roster) =>
      ghost(stage, roster, (keys) => {
        const { id, signer } = inviteSecret(createInviteCode(systemRandom));
        return {
          invite: id,
          proof: signInviteProof({ mesh: stage.mesh, invite: id, keys }, signer),
        };
      }),
    ),
    ["not_found", "there is no invite ID"],
  ),
  lie(
    "ghost-invited-by-nobody",
    "B9, T7",
    "adds an invite signed by a stranger",
    adding((stage, roster) => {
      const { id: invite, key } = inviteSecret(createInviteCode(systemRandom));
      const body = { invite, key, role: "admin", uses: 1, expiresAt: now() + 1_000_000 } as const;
      return nextEntry(roster, "invite", body, { signer: stranger(stage).signer, now: now() });
    }),
    ["not_member", "the author of invite entry N is not a member of the mesh"],
  ),
  lie(
    "revoked-invite",
    "B10, T21",
    "lets someone in by an invite that was revoked",
    adding(async (stage) => {
      const { code } = await stage.alice.api.invite.create({ mesh: stage.mesh });
      await stage.alice.api.invite.revoke({ mesh: stage.mesh, invite: code });
      await stage.mallory.catchUp();
      return ghost(stage, stage.mallory.roster, (keys) => {
        const { id, signer } = inviteSecret(parseInvite(code).code);
        return {
          invite: id,
          proof: signInviteProof({ mesh: stage.mesh, invite: id, keys }, signer),
        };
      });
    }),
    ["revoked", "invite ID was revoked"],
  ),
];

const acts: readonly Lie[] = [
  lie(
    "self-made-owner",
    "C12, T16",
    "has its accomplice make itself an owner",
    adding((stage, roster) =>
      nextEntry(roster, "role", { member: stage.mallory.member, role: "owner" }, byMallory(stage)),
    ),
    ["forbidden", "a member may not change roles"],
  ),
  lie(
    "invite-by-member",
    "C12, T21",
    "has its accomplice invite although only admins may",
    adding((stage, roster) => {
      const { id: invite, key } = inviteSecret(createInviteCode(systemRandom));
      const body = { invite, key, role: "member", uses: 9, expiresAt: now() + 1_000_000 } as const;
      return nextEntry(roster, "invite", body, byMallory(stage));
    }),
    ["forbidden", "the author lacks the permission invite"],
  ),
  lie(
    "policy-by-member",
    "C12, T16",
    "has its accomplice change the policy",
    adding((stage, roster) =>
      nextEntry(roster, "policy", { whoMayInvite: "members" }, byMallory(stage)),
    ),
    ["forbidden", "a member may not change the policy"],
  ),
  lie(
    "restore-by-member",
    "C12, T16",
    "has its accomplice let someone back in",
    adding((stage, roster) =>
      nextEntry(roster, "restore", { member: stage.carol.member }, byMallory(stage)),
    ),
    ["forbidden", "a member may not let one back who was removed"],
  ),
  lie(
    "removal-by-member",
    "C12, T16",
    "has its accomplice remove alice",
    adding((stage, roster) =>
      nextEntry(roster, "remove", { member: stage.alice.member }, byMallory(stage)),
    ),
    ["forbidden", "a member may not remove others"],
  ),
  lie(
    "epoch-by-member",
    "B14, T12",
    "has its accomplice start a key epoch",
    adding((stage, roster) =>
      nextEntry(roster, "epoch", { number: 1, commitment: roster.genesisHash }, byMallory(stage)),
    ),
    ["forbidden", "a member may not start a new key"],
  ),
  lie(
    "back-in-time",
    "B20, T8",
    "has its accomplice date an entry before the one before it",
    adding((stage) => {
      const { sig: _sig, ...entry } = stage.mallory.entry();
      return signEntry({ ...entry, at: 1 } as never, stage.mallory.secret.signer) as RosterEntry;
    }),
    ["malformed", "at: entry N is older than the one before it"],
  ),
  lie(
    "entry-of-another-mesh",
    "B6, T5",
    "shows an entry of another mesh",
    adding(async (stage, roster) => {
      const { mallory } = await stage.second();
      const { sig: _sig, ...entry } = mallory.entry();
      const place = { seq: roster.head.seq + 1, prev: roster.head.hash };
      return signEntry({ ...entry, ...place } as never, mallory.secret.signer) as RosterEntry;
    }),
    ["malformed", "mesh: entry N is of another mesh"],
  ),
  lie(
    "edited-entry",
    "T2, T7",
    "changes an entry that its accomplice signed",
    adding((stage) => ({ ...stage.mallory.entry(), at: now() + 5 })),
    ["bad_signature", "the signature of the session_revoke entry N does not verify"],
  ),
];

const heads: readonly Lie[] = [
  lie(
    "rolled-back",
    "B10, T8",
    "ends the roster one entry earlier than it did",
    async (stage) => {
      await stage.mallory.catchUp();
      const { roster } = stage.mallory;
      const seq = roster.head.seq - 1;
      const head = { seq, hash: roster.hashAt(seq) as RosterHead["hash"] };
      showing(stage, head, () => ({ items: [], head }));
    },
    [
      "log_mismatch",
      "the broker's roster was rolled back: it ends at entry N, but entry N was verified here before",
    ],
  ),
  lie(
    "rolled-back-to-genesis",
    "B10, T8",
    "says that the roster has only its first entry",
    (stage) => {
      const head = { seq: 0, hash: stage.mallory.roster.genesisHash };
      showing(stage, head, () => ({ items: [], head }));
    },
    [
      "log_mismatch",
      "the broker's roster was rolled back: it ends at entry N, but entry N was verified here before",
    ],
  ),
  lie(
    "other-head",
    "B11, T9",
    "names another hash for the roster's last entry",
    async (stage) => {
      await stage.mallory.catchUp();
      const head = { ...stage.mallory.roster.head, hash: "ab".repeat(32) as RosterHead["hash"] };
      showing(stage, head, ({ items }) => ({ items, head }));
    },
    ["roster_fork", "the broker shows another roster than the one verified here: entry N differs"],
  ),
  lie(
    "head-never-proven",
    "B11, T8",
    "names a head that it does not give",
    (stage) => {
      const head = { seq: 900, hash: "ab".repeat(32) as RosterHead["hash"] };
      showing(stage, head, ({ items }) => ({ items, head }));
    },
    ["log_mismatch", "the broker names entry N as the roster's last but gives none after N"],
  ),
  lie(
    "welcome-against-list",
    "B11, T9",
    "welcomes with a newer head and then lists only the old one",
    (stage) => {
      const head = { seq: 900, hash: "ab".repeat(32) as RosterHead["hash"] };
      showing(stage, head, (page) => page);
    },
    ["log_mismatch", "the broker names entry N as the roster's last but gives none after N"],
  ),
  {
    id: "false-answer-to-info",
    threat: "B15",
    says: "gives the mesh another name and policy",
    scene: asking,
    begin: ({ broker, alice }) => {
      const info = onReply<Fields>("mesh.info", (said) => ({
        ...said,
        name: "Enemy",
        members: 99,
      }));
      broker.lie(only(alice.member, info));
    },
    told: [],
    remark: "name, policy and members come from the verified chain",
  },
];

export const ghostMembers: LieFamily = { title: "Ghost members", lies: ghosts };
export const forgedActs: LieFamily = { title: "Forged acts in the roster", lies: acts };
export const rosterHeads: LieFamily = { title: "Roster heads", lies: heads };
