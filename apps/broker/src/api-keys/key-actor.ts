import type { ApiKeyCapability, ApiKeyId, DeviceId, TopicId } from "@claudemesh/protocol";
import type { Actor } from "../handler.ts";
import type { ApiKeyRow } from "../store/api-keys-port.ts";

/** An API key as a caller: it acts for its owner, with no more than that member's rights. */
export interface KeyActor {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly capabilities: readonly ApiKeyCapability[];
  /** undefined is the whole mesh */
  readonly topics: ReadonlySet<TopicId> | undefined;
  /** when it stops being good */
  readonly expiresAt: number | undefined;
}

/** A caller that is an API key. */
export type KeyCaller = Actor & { readonly key: KeyActor };

/** The caller that a key stands for. It has no device; its id takes the place of one, so that two keys are never taken for the same. */
export const actorOf = ({ mesh, id, name, owner, capabilities, topics, expiresAt }: ApiKeyRow) =>
  ({
    mesh,
    member: owner,
    device: id.replace(/^key_/, "dev_") as DeviceId,
    key: {
      id,
      name,
      capabilities,
      topics: topics === null ? undefined : new Set(topics),
      expiresAt: expiresAt ?? undefined,
    },
  }) satisfies KeyCaller;
