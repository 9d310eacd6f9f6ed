import type {
  ApiKeyCapability,
  ApiKeyId,
  Hash,
  MemberId,
  MeshId,
  TopicId,
} from "@claudemesh/protocol";

/** A key of a program as it is stored: of its secret the SHA-256 alone. */
export interface ApiKeyRow {
  readonly mesh: MeshId;
  readonly id: ApiKeyId;
  readonly name: string;
  readonly hash: Hash;
  readonly owner: MemberId;
  readonly capabilities: readonly ApiKeyCapability[];
  /** null is the whole mesh */
  readonly topics: readonly TopicId[] | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly usedAt: number | null;
}

export type ApiKeyPut = Omit<ApiKeyRow, "createdAt" | "revokedAt" | "usedAt"> & {
  readonly at: number;
};

/** What a key's command was answered the first time. */
export interface ApiAnswer {
  /** of the request, by which another one under the same idempotency key is told apart */
  readonly digest: string;
  /** JSON text */
  readonly output: string;
}

interface AnswerKey {
  readonly mesh: MeshId;
  readonly key: ApiKeyId;
  readonly idempotency: string;
}

/** The writes that concern API keys. */
export interface ApiKeyWrites {
  /** Keeps a key; "taken" when its id or secret is in use, "full" when the mesh has `limits.apiKeys` that are good. */
  putApiKey(input: ApiKeyPut): Promise<"kept" | "taken" | "full">;
  /** Answers whether it was good until now. */
  revokeApiKey(input: { mesh: MeshId; id: ApiKeyId; at: number }): Promise<boolean>;
  usedApiKey(input: { mesh: MeshId; id: ApiKeyId; at: number }): Promise<void>;
  /** Keeps the answer unless there is one. */
  keepAnswer(input: AnswerKey & ApiAnswer & { at: number }): Promise<void>;
  /** Forgets answers older than `before`, at most `limit`; answers how many. */
  forgetAnswers(input: { before: number; limit: number }): Promise<number>;
}

/** The reads that concern API keys. */
export interface ApiKeyReads {
  /** Keys of a mesh, revoked and expired ones too, oldest first. */
  apiKeys(mesh: MeshId): Promise<readonly ApiKeyRow[]>;
  apiKey(hash: Hash): Promise<ApiKeyRow | undefined>;
  apiAnswer(query: AnswerKey): Promise<ApiAnswer | undefined>;
}
