import {
  buildGenesis,
  buildJoin,
  createIdentitySeed,
  createInviteCode,
  createMeshKey,
  deriveMember,
  type InviteSecret,
  inviteSecret,
  KeyRing,
  keyCommitment,
  type MemberSecret,
  memberIdOf,
  meshIdOf,
  newDeviceId,
  nextEntry,
  OrderedIds,
  Roster,
  sealDirect,
  sealShared,
  signHello,
  signInviteOpen,
  signInviteProof,
  signProfile,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import {
  type Audience,
  audienceOf,
  audienceOfTopic,
  type DeviceId,
  type Envelope,
  type EnvelopeHeader,
  type InviteCode,
  type MemberId,
  type MeshId,
  type Profile,
  type RosterHead,
  type TopicId,
} from "@claudemesh/protocol";
import { type Client, createClient } from "@claudemesh/sdk";

const now = (): number => Date.now();
const random = systemRandom;

/** A member without a home: keys and roster in memory, for benches and tests of the wire. Nothing of it survives the process. */
export class BareMember {
  readonly #ids = new OrderedIds(now, random);
  #n = 0;
  readonly url: string;
  readonly secret: MemberSecret;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly roster: Roster;
  /** the mesh's keys: the first one */
  readonly ring: KeyRing;

  constructor(
    url: string,
    secret: MemberSecret,
    member: MemberId,
    roster: Roster,
    ring = new KeyRing(roster.mesh),
  ) {
    this.url = url;
    this.ring = ring;
    this.secret = secret;
    this.member = member;
    this.roster = roster;
    this.device = newDeviceId(random);
  }

  get mesh(): MeshId {
    return this.roster.mesh;
  }

  /** A connection as this member; a feed reads the log from its join, or from `cursor`. */
  connect(purpose: "feed" | "call", cursor?: () => string | undefined): Client {
    const { mesh, member, device, secret } = this;
    return createClient({
      url: this.url,
      now,
      random,
      member: {
        purpose,
        ...(cursor ? { cursor } : {}),
        sign: (on) => signHello({ mesh, member, device, protocol: 1, ...on }, secret.signer),
      },
    });
  }

  /** A sealed message to another member, with the next id and counter. */
  seal(to: BareMember, text: string): Envelope {
    const { signer } = this.secret;
    const header = this.#header(audienceOf(to.member), { kind: "direct" });
    return sealDirect({ header, body: { text }, to: to.secret.keys.seal, signer, random });
  }

  /** A sealed post to a public topic, likewise. */
  post(topic: TopicId, text: string): Envelope {
    const { ring, secret } = this;
    const header = this.#header(audienceOfTopic(topic), { kind: "topic", keyVersion: 0 });
    return sealShared({ header, body: { text }, ring, signer: secret.signer, random });
  }

  #header(to: Audience, kind: Pick<EnvelopeHeader, "kind" | "keyVersion">): EnvelopeHeader {
    this.#n += 1;
    return {
      v: 1,
      id: this.#ids.nextMessageId(),
      mesh: this.mesh,
      from: { member: this.member, device: this.device },
      to,
      priority: "next",
      ...kind,
      contentType: "application/json",
      createdAt: now(),
      head: this.roster.head,
      n: this.#n,
    };
  }
}

const profileOf = (mesh: MeshId, member: MemberId, name: string, secret: MemberSecret): Profile =>
  signProfile(
    { mesh, member, version: 1, fields: { displayName: name }, at: now() },
    secret.signer,
  );

/** Founds a mesh at a broker. */
export async function found(url: string, name: string): Promise<BareMember> {
  const nonce = toBase64(random(32));
  const secret = deriveMember(createIdentitySeed(random), { genesisNonce: nonce }, 0);
  const key = createMeshKey(random);
  const commitment = keyCommitment("", key);
  const genesis = buildGenesis({
    name: `${name}'s mesh`,
    keys: secret.keys,
    nonce,
    commitment,
    at: now(),
    signer: secret.signer,
  });
  const member = memberIdOf(genesis);
  const profile = profileOf(meshIdOf(genesis), member, name, secret);
  await using client = createClient({ url, now, random });
  await client.mesh.create({ genesis, profile });
  const roster = Roster.fromGenesis(genesis);
  return new BareMember(url, secret, member, roster, KeyRing.of(roster, [{ epoch: 0, key }]));
}

/** Has an invite appended, by which `uses` may join; answers its code. It vouches for the chain up to `vouched`: to its end, or not at all where that is null. */
export async function makeInvite(
  inviter: BareMember,
  uses = 1,
  vouched: RosterHead | null = inviter.roster.head,
): Promise<InviteCode> {
  const { mesh, ring } = inviter;
  const code = createInviteCode(random);
  const invite = inviteSecret(code);
  await using asInviter = inviter.connect("call");
  const entry = nextEntry(
    inviter.roster,
    "invite",
    { invite: invite.id, key: invite.key, role: "member", uses, expiresAt: now() + 3_600_000 },
    { signer: inviter.secret.signer, now: now() },
  );
  const { head, genesisHash } = inviter.roster;
  const keys = ring.welcomeRing(inviter.roster.policy);
  const welcome = invite.seal({ v: 1, mesh, genesis: genesisHash, head, ring: keys }, random);
  const told =
    vouched === null ? {} : { inviterHead: invite.sealHead({ v: 1, mesh, head: vouched }, random) };
  await asInviter.invite.create({ entry, welcome, ...told });
  inviter.roster.apply(entry);
  return code;
}

/** Invites and joins one more member, through the broker, as two people would. */
export async function join(inviter: BareMember, name: string): Promise<BareMember> {
  const { mesh, url } = inviter;
  const invite = inviteSecret(await makeInvite(inviter));
  await using client = createClient({ url, now, random });
  const challenge = await client.challenge();
  const proof = signInviteOpen(
    { mesh, invite: invite.id, host: client.host, challenge },
    invite.signer,
  );
  const chain = await client.invite.chain({ proof, after: -1 });
  const [genesis, ...rest] = chain.items;
  if (!genesis) throw new Error("the broker showed no chain");
  const roster = Roster.fromGenesis(genesis as never, mesh);
  roster.append(rest);
  const joined = await claim(client, { inviter, invite, roster, name });
  inviter.roster.append([joined.entry]);
  return joined.member;
}

/** Joins by an invite that is open already. The new member shares its inviter's chain, so that a crowd is there soon. */
export async function joinSharing(
  inviter: BareMember,
  name: string,
  code: InviteCode,
): Promise<BareMember> {
  await using client = createClient({ url: inviter.url, now, random });
  const { roster } = inviter;
  const joined = await claim(client, { inviter, invite: inviteSecret(code), roster, name });
  return joined.member;
}

interface Joining {
  readonly inviter: BareMember;
  readonly invite: InviteSecret;
  readonly roster: Roster;
  readonly name: string;
}

async function claim(client: Client, { inviter, invite, roster, name }: Joining) {
  const { mesh, ring, url } = inviter;
  const secret = deriveMember(createIdentitySeed(random), { mesh }, 0);
  const entry = buildJoin(roster, {
    keys: secret.keys,
    invite: invite.id,
    proof: signInviteProof({ mesh, invite: invite.id, keys: secret.keys }, invite.signer),
    signer: secret.signer,
    now: now(),
  });
  const id = memberIdOf(entry);
  await client.invite.claim({ entry, profile: profileOf(mesh, id, name, secret) });
  roster.apply(entry);
  return { entry, member: new BareMember(url, secret, id, roster, ring) };
}
