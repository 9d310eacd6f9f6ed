import type { ApiKeyInfo } from "@claudemesh/protocol";
import type { ApiKeyRow } from "../../store/api-keys-port.ts";

/** A key as it is shown, at a time. */
export function describeKey(row: ApiKeyRow, now: number): ApiKeyInfo {
  const { id, name, owner, capabilities, topics, createdAt, expiresAt, revokedAt, usedAt } = row;
  const isOver = expiresAt !== null && expiresAt <= now;
  return {
    id,
    name,
    owner,
    capabilities: [...capabilities],
    ...(topics === null ? {} : { topics: [...topics] }),
    state: revokedAt !== null ? "revoked" : isOver ? "expired" : "active",
    createdAt,
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(revokedAt === null ? {} : { revokedAt }),
    ...(usedAt === null ? {} : { usedAt }),
  };
}
