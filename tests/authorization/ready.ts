import {
  createIdentitySeed,
  createMeshKey,
  deriveMember,
  keyCommitment,
  newTopicId,
  sealKeyBundle,
  systemRandom,
} from "@claudemesh/crypto";
import {
  type EntryOf,
  type EnvelopeHeader,
  everyone,
  type Hash,
  type InviteId,
  type MemberId,
  type MessageId,
  type RosterEntry,
  type TopicId,
} from "@claudemesh/protocol";
import { headerText, signEnvelope } from "../../packages/crypto/src/envelope.ts";
import { rekeyProof } from "../../packages/crypto/src/rekey.ts";
import type { TestMember } from "../broker/support/member.ts";
import type { Person, World } from "./world.ts";

/** Reads the chain to its end. */
export async function learn({ member, client }: Person): Promise<void> {
  const { items } = await client.call("roster.list", { after: member.roster.head.seq });
  member.roster.append(items as RosterEntry[]);
}

/** A new mesh key whose rows for these members lie at the broker already, and the commitment to it. */
export async function newKey(
  { member, client }: Person,
  recipients?: readonly MemberId[],
): Promise<Hash> {
  const key = createMeshKey(systemRandom);
  const { roster, secret } = member;
  const given = recipients === undefined ? {} : { recipients };
  const rows = sealKeyBundle({
    roster,
    key,
    signer: secret.signer,
    random: systemRandom,
    ...given,
  });
  await client.call("keys.put", { rows });
  return keyCommitment(roster.mesh, key);
}

/** The body of an entry by which this person removes another, with the key that begins by it. */
export async function removalOf(by: Person, member: MemberId): Promise<EntryOf<"remove">["body"]> {
  const { roster } = by.member;
  const others = [...roster.members.keys()].filter((id) => roster.isMember(id) && id !== member);
  const commitment = await newKey(by, others);
  return { member, epoch: { number: roster.epochs.length, commitment } };
}

/** The body of an entry by which this person gives a member fresh keys, with the key that begins by it. */
export async function rekeyOf(
  by: Person,
  { id: member }: TestMember,
): Promise<EntryOf<"rekey">["body"]> {
  const { mesh, roster, secret } = by.member;
  const { keys, signer } = deriveMember(createIdentitySeed(systemRandom), { mesh }, 1);
  const key = createMeshKey(systemRandom);
  const rows = sealKeyBundle({
    roster,
    key,
    signer: secret.signer,
    random: systemRandom,
    ...(roster.isMember(member) && { rekeyed: { member, seal: keys.seal } }),
  });
  await by.client.call("keys.put", { rows });
  const epoch = { number: roster.epochs.length, commitment: keyCommitment(mesh, key) };
  const statement = { member, keys, epoch };
  return { ...statement, newSig: rekeyProof.sign({ mesh, ...statement }, signer) };
}

/** What this person says to many or to a topic, sealed under no key: the broker cannot tell. */
export function shared(by: Person, over: Partial<EnvelopeHeader>) {
  const { member } = by;
  const { header, body } = member.message(member, "to many");
  const made: EnvelopeHeader = { ...header, kind: "broadcast", to: everyone, ...over };
  const bytes = Buffer.from(String(body), "base64url");
  return signEnvelope(made, headerText(made), bytes, member.secret.signer);
}

/** An invite of this mesh, made by its founder. */
export async function openInvite({ founder }: World, by = founder) {
  await learn(by);
  const code = await by.member.invite(by.client);
  const invite = [...by.member.roster.invites.keys()].at(-1) as InviteId;
  return { code, invite };
}

/** A message from this mesh's founder to a person's session there, or to the target's for whoever is of another mesh. */
export async function messageTo(by: Person, world: World): Promise<MessageId> {
  const to = by.member.mesh === world.founder.member.mesh ? by : world.target;
  await learn(world.founder);
  const envelope = world.founder.member.message(to.member, "a task");
  await world.founder.client.call("message.send", { envelope });
  return envelope.header.id;
}

export const someTopic = (): TopicId => newTopicId(systemRandom);
