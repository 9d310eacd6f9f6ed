import { join } from "node:path";

/** Where the programs lie that tests start: the checkout's own, or the bundle of them that a whole run builds first, which starts in half the time. */
export const cliFolder: string =
  process.env.TEST_PROGRAMS ?? join(import.meta.dirname, "../../../apps/cli/bin");
