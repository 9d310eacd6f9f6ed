import {
  type EnvelopeHeader,
  type EnvelopeKind,
  type TopicId,
  topicOf,
} from "@claudemesh/protocol";
import { type Domain, domains } from "./domain.ts";
import { fromBase64, utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import type { KeyRing } from "./key-ring.ts";

/** The kinds that everyone with a mesh or topic key can open. */
export type SharedKind = Extract<EnvelopeKind, "broadcast" | "group" | "private_topic" | "topic">;

const sharedKinds: readonly EnvelopeKind[] = ["broadcast", "group", "private_topic", "topic"];

/** Whether a kind is sealed under a mesh or topic key. */
export const isShared = (kind: EnvelopeKind): kind is SharedKind => sharedKinds.includes(kind);

const derive = (key: string, domain: Domain, info: string): Uint8Array =>
  hkdf({ secret: fromBase64(key, "mesh key"), salt: utf8(domain), info: utf8(info) });

/** The key of group and broadcast messages of an epoch: HKDF with the domain as salt and no info. */
export const groupKey = (epochKey: string): Uint8Array => derive(epochKey, domains.mesh, "");

/** The key of a public topic in an epoch: HKDF with the topic id as info. */
export const publicTopicKey = (epochKey: string, topic: TopicId): Uint8Array =>
  derive(epochKey, domains.topic, topic);

/** The key of a private topic's messages, from a version of its own key. */
export const privateTopicKey = (topicKey: string, topic: TopicId): Uint8Array =>
  derive(topicKey, domains.privateTopic, topic);

/** The key that a header's body is sealed under; undefined where the ring does not have its epoch or version, or the audience names no topic. */
export function sharedKey(
  { kind, keyVersion, to }: Pick<EnvelopeHeader, "kind" | "keyVersion" | "to">,
  ring: KeyRing,
): Uint8Array | undefined {
  if (keyVersion === undefined) return undefined;
  const topic = topicOf(to);
  if (kind === "private_topic") {
    const key = topic && ring.topicKey(topic, keyVersion);
    return topic && key ? privateTopicKey(key, topic) : undefined;
  }
  const key = ring.epochKey(keyVersion);
  if (key === undefined) return undefined;
  if (kind !== "topic") return groupKey(key);
  return topic && publicTopicKey(key, topic);
}
