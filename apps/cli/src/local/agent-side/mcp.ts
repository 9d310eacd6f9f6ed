import type { LocalRun } from "../run.ts";

/** The same as its own entry in `bin/` does. */
export const run: LocalRun = (_input, { host }) => host.agentSide("mcp");
