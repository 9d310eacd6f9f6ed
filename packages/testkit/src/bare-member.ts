import {
  buildGenesis,
  buildJoin,
  createIdentitySeed,
  createInviteCode,
  createMeshKey,
  deriveMember,
  inviteSecret,
  keyCommitment,
  type MemberSecret,
  memberIdOf,
  meshIdOf,
  newDeviceId,
  nextEntry,
  OrderedIds,
  Roster,
  sealDirect,
  signHello,
  signInviteOpen,
  signInviteProof,
  signProfile,
  systemRandom,
  toBase64,
} from "@claudemesh/crypto";
import {
  audienceOf,
  type DeviceId,
  type Envelope,
  type EnvelopeHeader,
  type MemberId,
  type MeshId,
  type Profile,
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

  constructor(url: string, secret: MemberSecret, member: MemberId, roster: Roster) {
    this.url = url;
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
    this.#n += 1;
    const header: EnvelopeHeader = {
      v: 1,
      id: this.#ids.nextMessageId(),
      mesh: this.mesh,
      from: { member: this.member, device: this.device },
      to: audienceOf(to.member),
      priority: "next",
      kind: "direct",
      contentType: "application/json",
      createdAt: now(),
      head: this.roster.head,
      n: this.#n,
    };
    return sealDirect({
      header,
      body: { text },
      to: to.secret.keys.seal,
      signer: this.secret.signer,
      random,
    });
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
  const commitment = keyCommitment("", createMeshKey(random));
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
  return new BareMember(url, secret, member, Roster.fromGenesis(genesis));
}

/** Invites and joins one more member, through the broker, as two people would. */
export async function join(inviter: BareMember, name: string): Promise<BareMember> {
  const { url, mesh } = inviter;
  const invite = inviteSecret(createInviteCode(random));
  await using asInviter = inviter.connect("call");
  const entry = nextEntry(
    inviter.roster,
    "invite",
    { invite: invite.id, key: invite.key, role: "member", uses: 1, expiresAt: now() + 3_600_000 },
    { signer: inviter.secret.signer, now: now() },
  );
  const { head, genesisHash } = inviter.roster;
  const welcome = invite.seal({ v: 1, mesh, genesis: genesisHash, head, ring: [] }, random);
  await asInviter.invite.create({ entry, welcome });
  inviter.roster.apply(entry);

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
  const secret = deriveMember(createIdentitySeed(random), { mesh }, 0);
  const join = buildJoin(roster, {
    keys: secret.keys,
    invite: invite.id,
    proof: signInviteProof({ mesh, invite: invite.id, keys: secret.keys }, invite.signer),
    signer: secret.signer,
    now: now(),
  });
  const member = memberIdOf(join);
  await client.invite.claim({ entry: join, profile: profileOf(mesh, member, name, secret) });
  roster.apply(join);
  inviter.roster.apply(join);
  return new BareMember(url, secret, member, roster);
}
