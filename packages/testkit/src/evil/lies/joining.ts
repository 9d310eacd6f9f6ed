import {
  buildGenesis,
  createIdentitySeed,
  createMeshKey,
  deriveMember,
  entryHash,
  inviteSecret,
  keyCommitment,
  meshIdOf,
  nextEntry,
  Roster,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import type { InviteId, RosterEntry, RosterHead, WelcomeBlob } from "@claudemesh/protocol";
import type { Fields, Trick } from "../evil-line.ts";
import { error, type Lie, type LieFamily } from "../lie.ts";
import { joining } from "../scenes.ts";
import type { Stage } from "../stage.ts";
import { both, denying, inPlaceOf, onReply, refusing } from "../tricks.ts";

interface Page {
  readonly items: readonly RosterEntry[];
  readonly head: RosterHead;
}

const now = (): number => Date.now();
const outside = { joined: false, mesh: "", knows: [], shown: 0 };

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
  scene: joining,
  begin: (stage) => stage.broker.lie(trick(stage)),
  told: [error(code, text)],
  facts: outside,
});

const changedBlob = (change: (blob: string) => string): Trick =>
  onReply<Fields>("invite.claim", (said) => ({ ...said, welcome: change(String(said.welcome)) }));

const changedHead = (change: (blob: string) => string): Trick =>
  onReply<Fields>("invite.chain", (said) => ({
    ...said,
    inviterHead: change(String(said.inviterHead)),
  }));

const changedChain = (change: (page: Page) => Page): Trick => onReply<Page>("invite.chain", change);

/** A mesh of the broker's own, with the invite that alice made in it. */
function inventedMesh(stage: Stage): Trick {
  const nonce = toBase64(systemRandom(32));
  const secret = deriveMember(createIdentitySeed(systemRandom), { genesisNonce: nonce }, 0);
  const { keys, signer } = secret;
  const commitment = keyCommitment("", createMeshKey(systemRandom));
  const genesis = buildGenesis({ name: "Team", keys, nonce, commitment, at: now(), signer });
  const mesh = meshIdOf(genesis);
  const roster = Roster.fromGenesis(genesis);
  let invite: RosterEntry | undefined;
  const blob = (id: InviteId): WelcomeBlob => {
    const made = stage.broker
      .everyReply("invite.claim")
      .find((said) => typeof said.welcome === "string");
    if (made === undefined) throw new Error(`no blob to give for ${id}`);
    return made.welcome as WelcomeBlob;
  };
  return both(
    onReply<Fields>("invite.preview", (said) => ({ ...said, mesh })),
    inPlaceOf("invite.chain", (input: { proof: { invite: InviteId } }) => {
      const true_ = stage.broker
        .everyEntry()
        .find((one) => one.type === "invite" && one.body.invite === input.proof.invite);
      if (true_?.type !== "invite") throw new Error("there is no such invite");
      invite ??= nextEntry(roster, "invite", true_.body, { signer, now: now() });
      return { output: { items: [genesis, invite], head: { seq: 1, hash: entryHash(invite) } } };
    }),
    inPlaceOf("invite.claim", ({ entry }: { entry: RosterEntry }) => ({
      output: {
        member: `mbr_${entryHash(entry)}`,
        seq: 2,
        slug: "team",
        welcome: blob(entry.type === "join" ? entry.body.invite : ("" as InviteId)),
      },
    })),
  );
}

const lies: readonly Lie[] = [
  lie("invented-mesh", "B7, T6", "leads a newcomer into a mesh of its own", inventedMesh, [
    "bad_signature",
    "the welcome blob does not open with this invite",
  ]),
  lie(
    "preview-of-another-mesh",
    "B6, B7, T6",
    "names another mesh for an invite",
    () =>
      onReply<Fields>("invite.preview", (said) => ({ ...said, mesh: `mesh_${"ab".repeat(32)}` })),
    ["malformed", "proof.mesh: not the invite's mesh"],
  ),
  lie(
    "swapped-founder-keys",
    "B7, T6",
    "puts its own keys in place of the founder's",
    () =>
      changedChain(({ items, head }) => {
        const [genesis, ...rest] = items;
        if (genesis?.type !== "genesis") return { items, head };
        const { keys } = deriveMember(
          createIdentitySeed(systemRandom),
          { genesisNonce: toBase64(systemRandom(32)) },
          0,
        );
        return { items: [{ ...genesis, body: { ...genesis.body, keys } }, ...rest], head };
      }),
    ["malformed", "author: the genesis is not by the owner's signing key"],
  ),
  lie(
    "edited-chain",
    "B9, T7",
    "makes the invite of a newcomer an admin's",
    () =>
      changedChain(({ items, head }) => ({
        items: items.map((one) =>
          one.type === "invite" ? { ...one, body: { ...one.body, role: "admin" as const } } : one,
        ),
        head,
      })),
    ["bad_signature", "the signature of the invite entry N does not verify"],
  ),
  lie(
    "chain-with-a-gap",
    "B2, B10",
    "leaves an entry out of the chain",
    () =>
      changedChain(({ items, head }) => ({ items: items.filter(({ seq }) => seq !== 2), head })),
    ["roster_conflict", "entry N leaves a gap: the roster's head is N"],
  ),
  lie(
    "chain-cut-short",
    "B10, T8",
    "gives a newcomer less of the chain than it names",
    () =>
      changedChain(({ items, head }) => ({
        items: items.filter(({ seq }) => seq < 3),
        head,
      })),
    ["log_mismatch", "the broker names entry N as the roster's last but does not give it"],
  ),
  lie(
    "empty-chain",
    "B10",
    "shows a newcomer an empty chain",
    () => changedChain(({ head }) => ({ items: [], head })),
    ["malformed", "the broker gave an empty roster"],
  ),
  lie(
    "reordered-chain",
    "B4",
    "shows the chain in the wrong order",
    () =>
      changedChain(({ items, head }) => {
        const [genesis, ...rest] = items;
        return { items: genesis ? [genesis, ...rest.reverse()] : [], head };
      }),
    ["roster_conflict", "entry N leaves a gap: the roster's head is N"],
  ),
  lie(
    "chain-of-another-head",
    "B11, T9",
    "names a head that is not on the chain that it gives",
    () =>
      changedChain(({ items, head }) => ({
        items,
        head: { ...head, hash: "ab".repeat(32) as RosterHead["hash"] },
      })),
    ["roster_fork", "the broker names another roster than it gives, at entry N"],
  ),
  lie(
    "truncated-blob",
    "T2",
    "cuts the welcome short",
    () => changedBlob((blob) => blob.slice(0, 64)),
    ["bad_signature", "the welcome blob does not open with this invite"],
  ),
  lie(
    "flipped-blob",
    "T2",
    "changes the welcome",
    () => changedBlob((blob) => `${blob.startsWith("A") ? "B" : "A"}${blob.slice(1)}`),
    ["bad_signature", "the welcome blob does not open with this invite"],
  ),
  lie(
    "blob-of-another-invite",
    "B3, B6",
    "gives the welcome of an earlier invite",
    ({ broker }) => {
      const [earlier] = broker.everyReply("invite.claim");
      return changedBlob(() => String(earlier?.welcome));
    },
    ["bad_signature", "the welcome blob does not open with this invite"],
  ),
  lie(
    "flipped-inviter-head",
    "T2",
    "changes the inviter's head",
    () => changedHead((blob) => `${blob.startsWith("A") ? "B" : "A"}${blob.slice(1)}`),
    ["bad_signature", "the inviter's head blob does not open with this invite"],
  ),
  lie(
    "inviter-head-of-another-invite",
    "B3, B6",
    "gives the inviter's head of an earlier invite",
    ({ broker }) => {
      const [earlier] = broker.everyReply("invite.chain");
      return changedHead(() => String(earlier?.inviterHead));
    },
    ["bad_signature", "the inviter's head blob does not open with this invite"],
  ),
  lie(
    "chain-behind-the-inviter",
    "B10, T8",
    "shows a newcomer less of the chain than its inviter has verified",
    () =>
      onReply<Page>("invite.chain", (said) => {
        const hash = said.items[2]?.prev as RosterHead["hash"];
        return { ...said, items: said.items.slice(0, 2), head: { seq: 1, hash } };
      }),
    ["log_mismatch", "the broker's roster ends at entry N, but the inviter has verified N"],
  ),
  lie(
    "joined-as-another",
    "B9, T7",
    "answers a join with another member",
    ({ alice }) => onReply<Fields>("invite.claim", (said) => ({ ...said, member: alice.member })),
    ["bad_signature", "the broker answers the join with another member"],
  ),
  lie(
    "invite-denied",
    "B20",
    "says that a good invite was revoked",
    () => refusing("invite.preview", "revoked"),
    ["revoked", "so says the broker"],
  ),
  lie(
    "join-denied",
    "B20",
    "lets a newcomer in and says that the invite is used up",
    () => denying("invite.claim", "exhausted"),
    ["exhausted", "so says the broker"],
  ),
  lie(
    "conflict-for-ever",
    "B2",
    "says for ever that someone else was quicker",
    () => refusing("invite.claim", "roster_conflict"),
    ["roster_conflict", "so says the broker"],
  ),
  {
    id: "false-preview",
    threat: "B15",
    says: "shows another name, inviter and role for an invite",
    scene: joining,
    begin: ({ broker }) =>
      broker.lie(
        onReply<Fields>("invite.preview", (said) => ({
          ...said,
          name: "Enemy",
          inviter: "the boss",
          role: "owner",
        })),
      ),
    told: [],
    remark:
      "a preview is the broker's word and shown as such; what was joined comes from the chain",
  },
];

/** What alice's device, or who has her code, could put into a welcome. */
const blobMadeBy =
  (change: (welcome: ReturnType<ReturnType<typeof inviteSecret>["open"]>) => object) =>
  (stage: Stage): Trick =>
    onReply<Fields>("invite.claim", (said, _line, input: { entry: RosterEntry }) => {
      const secret = inviteSecret(stage.code());
      const welcome = secret.open(said.welcome as WelcomeBlob, stage.mesh);
      if (input.entry.type !== "join" || input.entry.body.invite !== secret.id) return said;
      return { ...said, welcome: secret.seal({ ...welcome, ...change(welcome) }, systemRandom) };
    });

const withCode: readonly Lie[] = [
  lie(
    "other-genesis",
    "B11, I",
    "knows the code and names another genesis in the welcome",
    blobMadeBy(() => ({ genesis: "ab".repeat(32) })),
    ["roster_fork", "the welcome names another genesis than the broker's roster"],
  ),
  lie(
    "other-head-in-welcome",
    "B11, I",
    "knows the code and names another head in the welcome",
    blobMadeBy(({ head }) => ({ head: { ...head, hash: "ab".repeat(32) } })),
    ["roster_fork", "the inviter's roster differs from the broker's at entry N"],
  ),
  lie(
    "wrong-key",
    "C6, T20",
    "knows the code and puts a wrong mesh key into the welcome",
    blobMadeBy(() => ({ ring: [{ epoch: 0, key: toBase64(systemRandom(32)) }] })),
    ["bad_signature", "the mesh key of epoch N does not match its commitment"],
  ),
  lie(
    "extra-key",
    "C6, T20",
    "knows the code and adds a key of an epoch that there never was",
    blobMadeBy(({ ring }) => ({ ring: [...ring, { epoch: 7, key: toBase64(systemRandom(32)) }] })),
    ["bad_signature", "the mesh key of epoch N does not match its commitment"],
  ),
  lie(
    "other-mesh-in-welcome",
    "B6, I",
    "knows the code and names another mesh in the welcome",
    blobMadeBy(() => ({ mesh: `mesh_${"ab".repeat(32)}` })),
    ["bad_signature", "the welcome blob does not open with this invite"],
  ),
];

export const joiningGames: LieFamily = { title: "Joining", lies };
export const leakedCode: LieFamily = { title: "Joining, with a leaked code", lies: withCode };
