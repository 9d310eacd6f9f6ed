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
  newDeviceId,
  newMessageId,
  nextEntry,
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
  type EntryOf,
  type Envelope,
  type EnvelopeHeader,
  type InviteCode,
  type MemberId,
  type MeshId,
  type Profile,
  type RosterEntry,
  type RosterType,
} from "@claudemesh/protocol";
import { Client, type Down } from "./client.ts";

const random = systemRandom;

export interface HelloChange {
  readonly host?: string;
  readonly challenge?: string;
  readonly at?: number;
  readonly device?: DeviceId;
}

/** A member as its device knows itself: keys, verified chain, and what to say to a broker. */
export class TestMember {
  readonly url: string;
  readonly secret: MemberSecret;
  readonly roster: Roster;
  readonly id: MemberId;
  readonly device: DeviceId = newDeviceId(random);
  now: () => number = Date.now;
  #n = 0;

  constructor(url: string, secret: MemberSecret, roster: Roster, id: MemberId) {
    this.url = url;
    this.secret = secret;
    this.roster = roster;
    this.id = id;
  }

  get mesh(): MeshId {
    return this.roster.mesh;
  }

  helloFrame(client: Client, purpose: "feed" | "call", change: HelloChange = {}, cursor?: string) {
    const hello = signHello(
      {
        mesh: this.mesh,
        member: this.id,
        device: change.device ?? this.device,
        protocol: 1,
        host: change.host ?? new URL(this.url).host,
        challenge: change.challenge ?? client.challenge,
        at: change.at ?? this.now(),
      },
      this.secret.signer,
    );
    return { type: "hello", hello, purpose, ...(cursor === undefined ? {} : { cursor }) };
  }

  /** Opens a connection and says hello; the answer is the welcome or the refusal. */
  async greet(purpose: "feed" | "call", change: HelloChange = {}, cursor?: string) {
    const client = await Client.open(this.url);
    client.send(this.helloFrame(client, purpose, change, cursor));
    const answer: Down = await client.find(({ type }) => type === "welcome" || type === "reply");
    return { client, answer };
  }

  async connect(purpose: "feed" | "call" = "call", cursor?: string): Promise<Client> {
    const { client, answer } = await this.greet(purpose, {}, cursor);
    if (answer.error !== undefined) throw new Error(`hello refused: ${answer.error.message}`);
    return client;
  }

  /** The next entry of the chain as this member knows it. */
  next<T extends Exclude<RosterType, "genesis">>(type: T, body: EntryOf<T>["body"]) {
    return nextEntry(this.roster, type, body, { signer: this.secret.signer, now: this.now() });
  }

  message(to: TestMember, text: string, change: Partial<EnvelopeHeader> = {}): Envelope {
    this.#n += 1;
    return sealDirect({
      header: {
        v: 1,
        id: newMessageId(this.now, random),
        mesh: this.mesh,
        from: { member: this.id, device: this.device },
        to: audienceOf(to.id),
        priority: "next",
        kind: "direct",
        contentType: "application/json",
        createdAt: this.now(),
        head: this.roster.head,
        n: this.#n,
        ...change,
      },
      body: { text },
      to: to.secret.keys.seal,
      signer: this.secret.signer,
      random,
    });
  }

  profile(displayName: string, version = 1): Profile {
    return profileOf(this.mesh, this.id, this.secret, displayName, this.now(), version);
  }

  /** Makes an invite on a connection of this member and returns its code. */
  async invite(client: Client, uses = 1, expiresAt = this.now() + 3_600_000): Promise<InviteCode> {
    const { code, entry, welcome } = this.inviteEntry(uses, expiresAt);
    await client.call("invite.create", { entry, welcome });
    this.roster.apply(entry);
    return code;
  }

  inviteEntry(uses = 1, expiresAt = this.now() + 3_600_000) {
    const code = createInviteCode(random);
    const secret = inviteSecret(code);
    const body = { expiresAt, invite: secret.id, key: secret.key, role: "member" as const, uses };
    const entry = this.next("invite", body);
    const { genesisHash: genesis, head, mesh } = this.roster;
    const welcome = secret.seal({ v: 1, mesh, genesis, head, ring: [] }, random);
    return { code, entry, welcome };
  }
}

const profileOf = (
  mesh: MeshId,
  member: MemberId,
  secret: MemberSecret,
  displayName: string,
  at: number,
  version = 1,
): Profile => signProfile({ mesh, member, version, fields: { displayName }, at }, secret.signer);

/** Founds a mesh on a broker. */
export async function foundMesh(
  url: string,
  name = "lab",
  now: () => number = Date.now,
): Promise<TestMember> {
  const nonce = toBase64(random(32));
  const secret = deriveMember(createIdentitySeed(random), { genesisNonce: nonce }, 0);
  const commitment = keyCommitment("", createMeshKey(random));
  const { keys, signer } = secret;
  const genesis = buildGenesis({ name, keys, nonce, commitment, at: now(), signer });
  const roster = Roster.fromGenesis(genesis);
  const id = memberIdOf(genesis);
  const client = await Client.open(url);
  const profile = profileOf(roster.mesh, id, secret, "owner", now());
  await client.call("mesh.create", { genesis, profile });
  await client.close();
  const owner = new TestMember(url, secret, roster, id);
  owner.now = now;
  return owner;
}

/** Someone with an invite code and own keys, not yet in the mesh. */
export class Joiner {
  readonly secret: MemberSecret;
  readonly invite: ReturnType<typeof inviteSecret>;
  readonly url: string;
  readonly mesh: MeshId;
  roster: Roster | undefined;

  constructor(url: string, mesh: MeshId, code: InviteCode) {
    this.url = url;
    this.mesh = mesh;
    this.secret = deriveMember(createIdentitySeed(random), { mesh }, 0);
    this.invite = inviteSecret(code);
  }

  proof(client: Client, host = new URL(this.url).host) {
    const { id: invite, signer } = this.invite;
    return signInviteOpen({ mesh: this.mesh, invite, host, challenge: client.challenge }, signer);
  }

  async readChain(client: Client): Promise<Roster> {
    const answer = await client.call("invite.chain", { proof: this.proof(client), after: -1 });
    const [genesis, ...rest] = answer.items as RosterEntry[];
    this.roster = Roster.fromGenesis(genesis as RosterEntry, this.mesh);
    this.roster.append(rest);
    return this.roster;
  }

  /** The claim's input on the chain as read so far. */
  claim(name = "guest", now = Date.now()) {
    const { roster, secret, invite } = this;
    if (roster === undefined) throw new Error("read the chain first");
    const claim = { mesh: this.mesh, invite: invite.id, keys: secret.keys };
    const proof = proofOf(invite, claim);
    const { keys, signer } = secret;
    const entry = buildJoin(roster, { keys, invite: invite.id, proof, signer, now });
    const member = memberIdOf(entry);
    return { entry, profile: profileOf(this.mesh, member, secret, name, now) };
  }

  /** Claims, signing again as long as the broker says that the roster has moved on. */
  async join(client: Client, name = "guest"): Promise<TestMember> {
    await this.readChain(client);
    for (;;) {
      const input = this.claim(name);
      try {
        const answer = await client.call("invite.claim", input);
        this.roster?.apply(input.entry);
        return new TestMember(
          this.url,
          this.secret,
          this.roster as Roster,
          answer.member as MemberId,
        );
      } catch (error) {
        const { code, detail } = error as { code?: string; detail?: { items?: RosterEntry[] } };
        if (code !== "roster_conflict") throw error;
        this.roster?.append(detail?.items ?? []);
      }
    }
  }
}

const proofOf = (
  invite: Joiner["invite"],
  claim: { mesh: MeshId; invite: Joiner["invite"]["id"]; keys: MemberSecret["keys"] },
) => signInviteProof(claim, invite.signer);

/** Adds one member by an invite of `owner`. */
export async function addMember(owner: TestMember, name = "guest"): Promise<TestMember> {
  const client = await owner.connect();
  const code = await owner.invite(client);
  const joining = await Client.open(owner.url);
  const member = await new Joiner(owner.url, owner.mesh, code).join(joining, name);
  const { items } = await client.call("roster.list", { after: owner.roster.head.seq });
  owner.roster.append(items as RosterEntry[]);
  await Promise.all([client.close(), joining.close()]);
  return member;
}
