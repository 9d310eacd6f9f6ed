import {
  newSessionId,
  Opener,
  Signer,
  sealDirect,
  signAttachProof,
  signAttestation,
  systemRandom,
} from "@claudemesh/crypto";
import {
  type Attestation,
  audienceOfSession,
  type DeviceId,
  type Envelope,
  limits,
  type SessionId,
  type SessionInfo,
} from "@claudemesh/protocol";
import type { Client } from "./client.ts";
import type { TestMember } from "./member.ts";

const random = systemRandom;

/** A session of a member as its device knows it. */
export class TestSession {
  readonly member: TestMember;
  readonly device: DeviceId;
  readonly id: SessionId = newSessionId(random);
  readonly signer = new Signer(random(32));
  readonly opener = new Opener(random(32));
  info: SessionInfo;

  constructor(member: TestMember, info: Partial<SessionInfo> = {}, device = member.device) {
    this.member = member;
    this.device = device;
    this.info = {
      type: "ai",
      tags: [],
      visible: true,
      status: { status: "idle", source: "hook", at: member.now() },
      ...info,
    };
  }

  attestation(change: Partial<Attestation> = {}, signer = this.member.secret.signer): Attestation {
    const at = change.at ?? this.member.now();
    return signAttestation(
      {
        mesh: this.member.mesh,
        member: this.member.id,
        device: this.device,
        session: this.id,
        keys: { sign: this.signer.key, seal: this.opener.key },
        notAfter: at + limits.attestationMs,
        ...change,
        at,
      },
      signer,
    );
  }

  proof(client: Client, change: { challenge?: string; host?: string; session?: SessionId } = {}) {
    return signAttachProof(
      {
        mesh: this.member.mesh,
        session: this.id,
        host: new URL(this.member.url).host,
        challenge: client.challenge,
        ...change,
      },
      this.signer,
    );
  }

  attach(client: Client, attestation = this.attestation(), proof = this.proof(client)) {
    return client.call("session.attach", { attestation, proof, info: this.info });
  }

  /** A message of another member that only this session opens. */
  message(from: TestMember, text: string, change: Parameters<TestMember["message"]>[2] = {}) {
    const { header } = from.message(this.member, text, change);
    return sealDirect({
      header: { ...header, to: audienceOfSession(this.id), ...change },
      body: { text },
      to: this.opener.key,
      signer: from.secret.signer,
      random,
    }) satisfies Envelope;
  }
}
