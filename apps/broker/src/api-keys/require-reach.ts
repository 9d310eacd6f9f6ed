import type { Roster } from "@claudemesh/crypto/verify";
import {
  type AnyOp,
  type ApiKeyCapability,
  type KeyRule,
  MeshError,
  type TopicId,
} from "@claudemesh/protocol";
import type { Actor, MemberContext } from "../handler.ts";
import type { KeyActor } from "./key-actor.ts";

/** Throws `forbidden` unless the caller may ask for this at all: what is for keys alone, and of a key what its capabilities let it. */
export function requireCapable(declared: AnyOp, { key }: Actor): void {
  if (key === undefined) {
    if (declared.scope !== "key") return;
    throw new MeshError("forbidden", "only an API key asks that; a member's device has better");
  }
  if (declared.key === undefined) {
    throw new MeshError("forbidden", "no API key may do that: it takes a member's own device", {
      detail: { reason: "members_only" },
    });
  }
  requireCapability(key, declared.key.needs);
}

/** Throws `forbidden` unless what a key asks for lies within its topics. */
export function requireReach({ key: rule }: AnyOp, by: MemberContext, input: unknown): void {
  const { key } = by.actor;
  if (key === undefined || rule === undefined) return;
  requireRule(rule, key, by, (input as { readonly topic?: TopicId }).topic);
}

/** Both, for a rule by itself. */
export function requireRule(
  { needs, reach }: KeyRule,
  key: KeyActor,
  { roster }: Pick<MemberContext, "roster">,
  topic: TopicId | undefined,
): void {
  requireCapability(key, needs);
  if (reach === "any") return;
  if (reach === "mesh" && key.topics !== undefined) throw outOfScope("the whole mesh");
  if (topic !== undefined && !reachesTopic(key, roster, topic)) throw outOfScope("that topic");
}

/** Whether a topic is one of the key's. A key for the whole mesh reaches what everyone may find, a private topic only a key that was made for it by name. */
export const reachesTopic = (key: KeyActor, roster: Roster, topic: TopicId): boolean =>
  key.topics === undefined ? !roster.topics.has(topic) : key.topics.has(topic);

function requireCapability({ capabilities }: KeyActor, needs: ApiKeyCapability): void {
  if (capabilities.includes(needs)) return;
  throw new MeshError("forbidden", `the API key does not have the capability ${needs}`, {
    detail: { reason: "capability", capability: needs },
  });
}

export const outOfScope = (what: string): MeshError =>
  new MeshError("forbidden", `the API key is not for ${what}`, { detail: { reason: "scope" } });
