import type { LocalName } from "../runner/verb.ts";
import type { LocalRun } from "./run.ts";

/** What runs each local verb, loaded when it is asked for. */
const modules: { readonly [N in LocalName]: () => Promise<{ readonly run: LocalRun }> } = {
  "broker-start": () => import("./broker-start.ts"),
  help: () => import("./help.ts"),
  up: () => import("./up.ts"),
  whoami: () => import("./whoami.ts"),
};

/** Loads what runs a local verb. */
export const loadLocal = async (name: LocalName): Promise<LocalRun> => (await modules[name]()).run;
