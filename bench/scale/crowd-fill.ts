import {
  buildGenesis,
  buildJoin,
  createIdentitySeed,
  createInviteCode,
  createMeshKey,
  deriveMember,
  entryHash,
  inviteSecret,
  KeyRing,
  keyCommitment,
  type MemberSecret,
  memberIdOf,
  nextEntry,
  profileHash,
  Roster,
  systemRandom as random,
  signInviteProof,
  signProfile,
  toBase64,
  toHex,
} from "@claudemesh/crypto";
import type { MemberId, RosterEntry } from "@claudemesh/protocol";
import { BareMember } from "@claudemesh/testkit";
import type { Store } from "../../apps/broker/src/store/port.ts";

const dayMs = 24 * 3_600_000;
/** entries that are given to the store at once */
const atOnce = 500;

/** Makes a mesh of so many members in an open store, each joined by its own signed entry and profile: through the writes that a broker uses, without the calls before them. Answers the first `keep`, each with a device that was there before and has read all there is. */
export async function crowdIn(store: Store, count: number, keep = 4): Promise<BareMember[]> {
  const at = Date.now();
  const expiresAt = at + 30 * dayMs;
  const nonce = toBase64(random(32));
  const owner = deriveMember(createIdentitySeed(random), { genesisNonce: nonce }, 0);
  const key = createMeshKey(random);
  const genesis = buildGenesis({
    ...{ name: `crowd of ${count}`, keys: owner.keys, nonce, at, signer: owner.signer },
    commitment: keyCommitment("", key),
  });
  const roster = Roster.fromGenesis(genesis);
  const { mesh } = roster;
  const profileOf = (member: MemberId, displayName: string, secret: MemberSecret) => {
    const fields = { mesh, member, version: 1, fields: { displayName }, at };
    const statement = signProfile(fields, secret.signer);
    return { statement, hash: profileHash(statement) };
  };
  await store.write.createMesh({
    ...{ mesh, slug: "crowd", epoch: toHex(random(16)), genesis, hash: entryHash(genesis) },
    ...{ profile: profileOf(memberIdOf(genesis), "member 0", owner), at, expiresAt },
  });
  const invite = inviteSecret(createInviteCode(random));
  const first = { secret: owner, id: memberIdOf(genesis) };
  const kept = [first];
  const appends: Promise<unknown>[] = [];
  const append = async (
    entry: RosterEntry,
    profile?: ReturnType<typeof profileOf>,
  ): Promise<void> => {
    const hash = roster.apply(entry);
    const input = { mesh, entry, hash, barrier: false, at, expiresAt };
    appends.push(store.write.appendRoster(profile === undefined ? input : { ...input, profile }));
    if (appends.length >= atOnce) await Promise.all(appends.splice(0));
  };
  const role = "member" as const;
  const expiresSoon = at + dayMs;
  const body = { invite: invite.id, key: invite.key, role, uses: count, expiresAt: expiresSoon };
  await append(nextEntry(roster, "invite", body, { signer: owner.signer, now: at }));
  for (let n = 1; n < count; n += 1) {
    const secret = deriveMember(createIdentitySeed(random), { mesh }, 0);
    const proof = signInviteProof({ mesh, invite: invite.id, keys: secret.keys }, invite.signer);
    const joining = { keys: secret.keys, invite: invite.id, proof, signer: secret.signer, now: at };
    const entry = buildJoin(roster, joining);
    const id = memberIdOf(entry);
    if (kept.length < keep) kept.push({ secret, id });
    await append(entry, profileOf(id, `member ${n}`, secret));
  }
  await Promise.all(appends);
  const ring = KeyRing.of(roster, [{ epoch: 0, key }]);
  const members = kept.map(({ secret, id }) => new BareMember("", secret, id, roster, ring));
  const { headSeq: startSeq = 0 } = (await store.read.mesh(mesh)) ?? {};
  const seen = members.map(({ member, device }) =>
    store.write.seenDevice({ mesh, member, device, startSeq, at }),
  );
  await Promise.all(seen);
  return members;
}
