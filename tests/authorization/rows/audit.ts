import type { Rows } from "../row.ts";

/** The audit chain: who may change the settings may read who changed what. */
export const auditRows: Rows = {
  "audit.list": [{ elsewhere: "yes", thief: "yes", ask: () => ({ after: 0, limit: 10 }) }],
};
