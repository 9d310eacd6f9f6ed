import {
  buildJoin,
  createIdentitySeed,
  deriveMember,
  domains,
  fromBase64,
  inviteSecret,
  type JsonValue,
  memberIdOf,
  newMessageId,
  newReceiptId,
  newSessionId,
  nextEntry,
  Roster,
  sealDirect,
  sha256,
  signAttestation,
  signInviteOpen,
  signInviteProof,
  signProfile,
  signReceipt,
  systemRandom,
  toHex,
  uuidv4,
} from "@claudemesh/crypto";
import {
  type Attestation,
  audienceOf,
  ciphertextOf,
  type Envelope,
  type EnvelopeHeader,
  type Hash,
  type InviteCode,
  limits,
  type MemberId,
  type MessageId,
  type Profile,
  type Receipt,
  type RosterEntry,
  type SessionId,
} from "@claudemesh/protocol";
import { createClient } from "@claudemesh/sdk";
import { BareMember } from "../bare-member.ts";

const random = systemRandom;
const now = (): number => Date.now();

/** A member who works for the broker: signs with its own keys whatever the broker wants signed. */
export class Attacker extends BareMember {
  readonly name: string;
  #n = 0;

  private constructor(
    name: string,
    ...[url, secret, member, roster]: ConstructorParameters<typeof BareMember>
  ) {
    super(url, secret, member, roster);
    this.name = name;
  }

  /** Joins by an invite code, as anyone would. */
  static async join(url: string, code: InviteCode, name: string): Promise<Attacker> {
    const invite = inviteSecret(code);
    await using client = createClient({ url, now, random });
    const { mesh } = await client.invite.preview({ invite: invite.id });
    const challenge = await client.challenge();
    const at = { mesh, invite: invite.id };
    const proof = signInviteOpen({ ...at, host: client.host, challenge }, invite.signer);
    const { items } = await client.invite.chain({ proof, after: -1 });
    const [genesis, ...rest] = items;
    if (genesis === undefined) throw new Error("the broker showed no chain");
    const roster = Roster.fromGenesis(genesis, mesh);
    roster.append(rest);
    const secret = deriveMember(createIdentitySeed(random), { mesh }, 0);
    const { keys, signer } = secret;
    const joinProof = signInviteProof({ ...at, keys }, invite.signer);
    const entry = buildJoin(roster, {
      keys,
      invite: invite.id,
      proof: joinProof,
      signer,
      now: now(),
    });
    const member = memberIdOf(entry);
    const fields = { displayName: name };
    const profile = signProfile({ mesh, member, version: 1, fields, at: now() }, signer);
    await client.invite.claim({ entry, profile });
    roster.apply(entry);
    return new Attacker(name, url, secret, member, roster);
  }

  /** Reads what the chain has gained. */
  async catchUp(): Promise<void> {
    await using client = this.connect("call");
    const { items } = await client.roster.list({ after: this.roster.head.seq });
    this.roster.append(items);
  }

  header(to: MemberId, over: Partial<EnvelopeHeader> = {}): EnvelopeHeader {
    this.#n += 1;
    return {
      v: 1,
      id: newMessageId(now, random),
      mesh: this.mesh,
      from: { member: this.member, device: this.device },
      to: audienceOf(to),
      priority: "next",
      kind: "direct",
      contentType: "application/json",
      createdAt: now(),
      head: this.roster.head,
      n: this.#n,
      ...over,
    };
  }

  /** A message of its own to a member, sealed for `sealedFor`, with any part of the header chosen. */
  message(
    to: MemberId,
    text: string,
    over: Partial<EnvelopeHeader> = {},
    sealedFor: MemberId = to,
  ): Envelope {
    const key = this.roster.sealKey(sealedFor);
    if (key === undefined) throw new Error("the victim is no member");
    const header = this.header(to, over);
    return sealDirect({ header, body: { text }, to: key, signer: this.secret.signer, random });
  }

  /** Any header with any body, under its own signature. */
  signed(header: EnvelopeHeader, body: Envelope["body"]): Envelope {
    const hash = toHex(sha256(fromBase64(ciphertextOf(body), "body")));
    const statement = { header, body: hash } as unknown as JsonValue;
    return { header, body, sig: this.secret.signer.sign(domains.envelope, statement) };
  }

  /** A receipt with its own signature, whatever it says. */
  receipt(fields: {
    readonly to: MemberId;
    readonly id: MessageId;
    readonly digest: Hash;
    readonly over?: Partial<Receipt>;
  }): Receipt {
    const { to, id, digest, over } = fields;
    return signReceipt(
      {
        id: newReceiptId(now, random),
        mesh: this.mesh,
        member: this.member,
        device: this.device,
        to,
        head: this.roster.head,
        state: "offered",
        items: [{ id, digest }],
        at: now(),
        ...over,
      },
      this.secret.signer,
    );
  }

  /** An attestation under its own signature, whatever it says. */
  attestation(over: Partial<Attestation> = {}): Attestation {
    const { mesh, member, device } = this;
    const at = over.at ?? now();
    const fields = {
      mesh,
      member,
      device,
      session: newSessionId(random),
      keys: this.secret.keys,
      notAfter: at + limits.attestationMs,
    };
    return signAttestation({ ...fields, ...over, at }, this.secret.signer);
  }

  profile(displayName: string, over: Partial<Profile> = {}): Profile {
    const { mesh, member } = this;
    const statement = { mesh, member, version: 2, fields: { displayName }, at: now(), ...over };
    return signProfile(statement, this.secret.signer);
  }

  /** An entry that it may append: the end of one of its own sessions. Two calls give two different ones for the same place. */
  entry(): RosterEntry {
    const session = `ses_${uuidv4(random)}` as SessionId;
    const author = { signer: this.secret.signer, now: now() };
    return nextEntry(this.roster, "session_revoke", { session }, author);
  }
}
