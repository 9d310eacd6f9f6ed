import { generalTopic } from "@claudemesh/crypto/verify";
import {
  type Audience,
  audienceOf,
  audienceOfSession,
  audienceOfTopic,
  everyone,
  type MemberId,
  type MeshId,
  type SessionId,
} from "@claudemesh/protocol";

/** The audiences whose entries a member's device reads whatever else it is in: its own, everyone's, #general's, and its sessions', which are its own alone. */
export const fixedAudiences = (
  mesh: MeshId,
  member: MemberId,
  sessions: readonly SessionId[] = [],
): Audience[] => [
  audienceOf(member),
  everyone,
  audienceOfTopic(generalTopic(mesh)),
  ...sessions.map(audienceOfSession),
];
