import { signAttachProof, signAttestation } from "../attestation.ts";
import { sealDirect, voidEnvelope } from "../direct.ts";
import { envelopeDigest } from "../envelope.ts";
import { signGrants } from "../grants.ts";
import { signHello } from "../hello.ts";
import { inviteSecret } from "../invite-code.ts";
import { signInviteOpen } from "../invite-proof.ts";
import { signProfile } from "../profile.ts";
import type { RandomSource } from "../random.ts";
import { signReceipt } from "../receipt.ts";
import { signTopic } from "../topic.ts";
import * as at from "./fixtures.ts";
import { seededRandom } from "./seeded-random.ts";

/** One valid statement of every format that stands alone, with every optional field set. */

export function hello() {
  const { member, device, signer } = at.memberOf("alice");
  const { mesh, host, challenge } = at;
  return signHello({ mesh, member, device, protocol: 1, host, challenge, at: at.moment }, signer);
}

export function attestation() {
  const { member, device, session, signer } = at.memberOf("alice");
  const { keys } = at.memberOf("alice's session");
  const { mesh, moment } = at;
  const notAfter = moment + 3_600_000;
  return signAttestation({ mesh, member, device, session, keys, at: moment, notAfter }, signer);
}

export function attachProof() {
  const { session } = at.memberOf("alice");
  const { mesh, host, challenge } = at;
  const { signer } = at.memberOf("alice's session");
  return signAttachProof({ mesh, session, host, challenge }, signer);
}

export function inviteOpen() {
  const { id, signer } = inviteSecret(at.code);
  const { mesh, host, challenge } = at;
  return signInviteOpen({ mesh, invite: id, host, challenge }, signer);
}

export function grants() {
  const { member, signer } = at.memberOf("alice");
  const rules = [{ member: at.memberOf("bob").member, capabilities: ["read" as const] }];
  const { mesh, moment } = at;
  return signGrants(
    { mesh, member, version: 2, defaults: ["read", "dm"], rules, at: moment },
    signer,
  );
}

export function profile() {
  const { member, signer } = at.memberOf("alice");
  const fields = {
    displayName: "Alice",
    roleTag: "reviewer",
    groups: ["flex/core", "ops"],
    messageMode: "push" as const,
    avatar: "https://mesh.example/alice.png",
    title: "Engineer",
    bio: "Reads Ünïcode 🦊",
    capabilities: ["rust", "review"],
  };
  return signProfile({ mesh: at.mesh, member, version: 2, fields, at: at.moment }, signer);
}

export function topic() {
  const { signer } = at.memberOf("alice");
  return signTopic(
    {
      ...{ mesh: at.mesh, topic: at.topicId("deploys"), version: 2, name: "deploys" },
      ...{ visibility: "public", history: "none", description: "what went out, ça va? 🦊" },
      ...{ ended: true, at: at.moment },
    },
    signer,
  );
}

export const message = { text: "hello bob, ça va? 🦊", subtype: "note", tags: ["a", "b"] };

export function direct(random: RandomSource = seededRandom("envelope")) {
  const { signer } = at.memberOf("alice");
  const to = at.memberOf("bob").keys.seal;
  return sealDirect({ header: at.fullHeader(), body: message, to, signer, random });
}

export function voided() {
  const header = { ...at.plainHeader(), kind: "void" as const };
  return voidEnvelope({ header, signer: at.memberOf("alice").signer });
}

export function receipt() {
  const { member, device, session, signer } = at.memberOf("bob");
  const { head } = at;
  const to = at.memberOf("alice").member;
  const items = [{ id: at.messageId("message"), digest: envelopeDigest(direct()) }];
  const rct = `rct_${at.messageId("receipt").slice(4)}` as Parameters<typeof signReceipt>[0]["id"];
  return signReceipt(
    {
      ...{ id: rct, mesh: at.mesh, member, device, session, to, head, state: "held", way: "hook" },
      ...{ reason: "dnd", items, at: at.moment },
    },
    signer,
  );
}

export const welcomeBlob = (random: RandomSource = seededRandom("welcome")) =>
  inviteSecret(at.code).seal(at.welcome(), random);

export const inviterHeadBlob = (random: RandomSource = seededRandom("inviter head")) =>
  inviteSecret(at.code).sealHead(at.inviterHead(), random);
