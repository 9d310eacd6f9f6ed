import type { GuardedFetch } from "../guarded-fetch/guarded-fetch.ts";
import type { Services } from "../handler.ts";
import type { Logger } from "../logger.ts";
import type { JobSecrets } from "./job-secrets.ts";

/** What jobs work with. */
export interface JobParts
  extends Pick<
    Services,
    | "bus"
    | "config"
    | "connections"
    | "displayNames"
    | "grants"
    | "now"
    | "publicUrl"
    | "random"
    | "rosters"
    | "sessions"
    | "store"
  > {
  readonly log: Logger;
  readonly secrets: JobSecrets;
  readonly fetch: GuardedFetch;
}
