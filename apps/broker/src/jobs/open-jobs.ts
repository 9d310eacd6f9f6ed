import type { BrokerSecrets } from "../config/secrets.ts";
import { GuardedFetch } from "../guarded-fetch/guarded-fetch.ts";
import { ownNetworks } from "../guarded-fetch/public-address.ts";
import type { BrokerKeys } from "../keys.ts";
import type { RateLimit } from "../rate-limit.ts";
import type { Timer } from "../timer.ts";
import type { JobParts } from "./context.ts";
import { JobSecrets } from "./job-secrets.ts";
import { Jobs } from "./jobs.ts";

export interface JobsOptions {
  readonly secrets: BrokerSecrets;
  readonly keys: BrokerKeys;
  readonly timer: Timer;
  /** posts to one webhook */
  readonly hookRate: RateLimit;
}

/** Builds what does jobs; it begins with `start`. */
export function openJobs(
  parts: Omit<JobParts, "fetch" | "secrets">,
  { hookRate, keys, secrets, timer }: JobsOptions,
): Jobs {
  const sealed = { operator: secrets.encryptionKey, own: keys.audit };
  const own = ownNetworks(parts.config.outboundAllow);
  return new Jobs(
    {
      ...parts,
      secrets: new JobSecrets(sealed, parts.random),
      fetch: new GuardedFetch({ own, timer }),
    },
    { hookRate, timer },
  );
}
