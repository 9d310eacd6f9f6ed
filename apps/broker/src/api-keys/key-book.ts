import { macEquals } from "@claudemesh/crypto/verify";
import { type ApiKeyId, MeshError } from "@claudemesh/protocol";
import type { Logger } from "../logger.ts";
import type { Rosters } from "../rosters.ts";
import type { ApiKeyRow } from "../store/api-keys-port.ts";
import type { Store } from "../store/port.ts";
import { actorOf } from "./key-actor.ts";
import { secretHash } from "./secret.ts";

export interface KeyBookOptions {
  readonly store: Pick<Store, "read" | "write">;
  readonly rosters: Pick<Rosters, "open">;
  readonly now: () => number;
  readonly log: Logger;
}

/** how often a key's last use is written down */
const usedEveryMs = 60_000;
/** keys whose last use is remembered; the oldest are forgotten and written once more */
const usedMost = 10_000;

/** Knows a key by its secret. Nothing is cached but when it was last used: what was revoked stops with the next request. */
export class KeyBook {
  readonly #options: KeyBookOptions;
  readonly #used = new Map<ApiKeyId, number>();

  constructor(options: KeyBookOptions) {
    this.#options = options;
  }

  /** The caller that a secret stands for. Throws `unauthorized` for what is unknown, revoked, expired, or whose owner has left, and does not say which. */
  async open(secret: string) {
    const { now, rosters, store } = this.#options;
    const hash = secretHash(secret);
    const row = hash === undefined ? undefined : await store.read.apiKey(hash);
    const isKnown = hash !== undefined && row !== undefined && macEquals(row.hash, hash);
    if (!isKnown || !isGood(row, now())) throw refused();
    const roster = await rosters.open(row.mesh);
    if (!roster.isMember(row.owner)) throw refused();
    this.#use(row);
    return actorOf(row);
  }

  #use({ mesh, id, usedAt }: ApiKeyRow): void {
    const { log, now, store } = this.#options;
    const at = now();
    if (at - (this.#used.get(id) ?? usedAt ?? 0) < usedEveryMs) return;
    this.#used.delete(id);
    this.#used.set(id, at);
    const [oldest] = this.#used.keys();
    if (this.#used.size > usedMost && oldest !== undefined) this.#used.delete(oldest);
    store.write
      .usedApiKey({ mesh, id, at })
      .catch((cause: unknown) => log.warn("use of a key not noted", { mesh, key: id, cause }));
  }
}

const isGood = ({ revokedAt, expiresAt }: ApiKeyRow, now: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

const refused = (): MeshError =>
  new MeshError("unauthorized", "the API key is unknown, revoked or expired", {
    hint: "a member makes one with: claudemesh apikey create <name>",
  });
