import { z } from "zod";
import { At } from "../bytes.ts";
import { ApiKeyId, DeviceId, MemberId, SessionId } from "../ids.ts";
import { Capability } from "../statements/grants.ts";
import { Attestation } from "../statements/hello.ts";
import { PeerType, Trust } from "./member.ts";
import { PeerStatus, SessionStats, SessionStatus, ShownInfo, StatusSource } from "./session.ts";

/** A session as the broker tells of it: the attestation is the member's signed word, the rest presence. */
export const WireSession = z.object({
  attestation: Attestation,
  info: ShownInfo,
  live: z.boolean().describe("attached to a connection, or away for a moment only"),
  lastSeenAt: At,
});
export type WireSession = z.infer<typeof WireSession>;

/** Who is connected, as the broker tells it: one item per session, and one per device that has no session but a person. */
export const WirePeer = z.object({
  member: MemberId,
  device: DeviceId.optional(),
  type: PeerType,
  connectedAt: At,
  session: WireSession.optional(),
  summary: z.string().optional().describe("of a device without sessions"),
  status: PeerStatus.optional().describe("of a device without sessions"),
  key: z
    .object({ id: ApiKeyId, name: z.string() })
    .optional()
    .describe("the API key that it is, of that member's"),
  via: z.enum(["rest"]).optional().describe("active over HTTP in the last five minutes"),
});
export type WirePeer = z.infer<typeof WirePeer>;

/** A live session of the mesh, or a person's device without one, as this device shows it. */
export const Peer = z.object({
  member: MemberId,
  name: z.string(),
  key: z
    .string()
    .describe("first 16 hex digits of the session's signing key; without a session, the member's"),
  memberKey: z.string().describe("first 16 hex digits of the member's signing key"),
  trust: Trust.describe("whether its safety number was compared here"),
  session: SessionId.optional(),
  apiKey: ApiKeyId.optional().describe("the API key that it is; then member is its owner"),
  self: z.boolean().describe("another session of your own"),
  grants: z.array(Capability).optional().describe("what it may do to you, once you said so"),
  type: PeerType,
  status: SessionStatus,
  statusSource: StatusSource.optional(),
  statusAgeMs: z.int().min(0).optional().describe("how long it has this status"),
  summary: z.string().optional(),
  groups: z.array(z.string()),
  roleTag: z.string().optional(),
  tags: z.array(z.string()),
  agent: z.string().optional(),
  model: z.string().optional(),
  cwd: z.string().optional(),
  host: z.enum(["local", "remote"]),
  hostName: z.string().optional(),
  connectedAt: At,
  stats: SessionStats.optional(),
  via: z.enum(["socket", "rest"]).describe("how it is connected"),
  sharesKeyWith: z.int().describe("other live sessions of the same member"),
});
export type Peer = z.infer<typeof Peer>;
