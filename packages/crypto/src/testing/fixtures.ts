import {
  audienceOf,
  type DeviceId,
  type EnvelopeHeader,
  type InviterHead,
  type MemberId,
  type MeshId,
  type MessageId,
  type RosterHead,
  type SessionId,
  type TopicId,
  type Welcome,
} from "@claudemesh/protocol";
import { hashBytes } from "../domain.ts";
import { toBase64, utf8 } from "../encoding.ts";
import { createInviteCode } from "../invite-code.ts";
import { deriveMember } from "../member-keys.ts";
import { ready } from "../sodium.ts";
import { formatUuid } from "../uuid.ts";
import { seededRandom } from "./seeded-random.ts";

await ready();

const digest = (name: string) => hashBytes(utf8(name));
const uuid = (name: string, version: 4 | 7) => formatUuid(seededRandom(name)(16), version);

/** A moment of the year 2026, ms. */
export const moment = 1_780_000_000_000;

export const mesh = `mesh_${digest("mesh")}` as MeshId;
export const otherMesh = `mesh_${digest("other mesh")}` as MeshId;

/** A member with repeatable keys and ids. */
export function memberOf(name: string) {
  const seed = seededRandom(`${name}/seed`)(32);
  return {
    seed,
    member: `mbr_${digest(name)}` as MemberId,
    device: `dev_${uuid(`${name}/device`, 4)}` as DeviceId,
    session: `ses_${uuid(`${name}/session`, 4)}` as SessionId,
    ...deriveMember(seed, { mesh }, 0),
  };
}

export const topicId = (name: string) => `top_${uuid(name, 4)}` as TopicId;
export const messageId = (name: string) => `msg_${uuid(name, 7)}` as MessageId;
export const head: RosterHead = { seq: 7, hash: digest("entry 7") };
export const host = "mesh.example:443";
export const challenge = toBase64(seededRandom("challenge")(32));
export const code = createInviteCode(seededRandom("invite code"));

/** A direct header from alice to bob that has every optional field. */
export function fullHeader(): EnvelopeHeader {
  const alice = memberOf("alice");
  const bob = memberOf("bob");
  return {
    v: 1,
    id: messageId("message"),
    mesh,
    from: { member: alice.member, device: alice.device, session: alice.session },
    to: audienceOf(bob.member),
    priority: "next",
    kind: "direct",
    keyVersion: 0,
    contentType: "application/json",
    replyTo: messageId("before"),
    thread: messageId("first"),
    hop: 2,
    since: messageId("first"),
    intent: "request",
    lease: "12",
    mentions: [bob.member],
    createdAt: moment,
    head,
    n: 3,
  };
}

/** A direct header from alice to bob with the required fields only. */
export function plainHeader(): EnvelopeHeader {
  const { v, id, mesh: m, from, to, priority, kind, contentType, ...rest } = fullHeader();
  const { createdAt, head: claimed, n } = rest;
  const { member, device } = from;
  return {
    ...{ v, id, mesh: m, from: { member, device }, to, priority, kind, contentType },
    ...{ createdAt, head: claimed, n },
  };
}

export const inviterHead = (): InviterHead => ({ v: 1, mesh, head });

export const welcome = (): Welcome => ({
  v: 1,
  mesh,
  genesis: digest("genesis"),
  head,
  ring: [0, 1].map((epoch) => ({ epoch, key: toBase64(seededRandom(`key ${epoch}`)(32)) })),
});
