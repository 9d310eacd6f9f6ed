import { MeshError } from "@claudemesh/protocol/light";
import { advancedHelp, mainHelp, nounHelp } from "../help/main-help.ts";
import { verbHelp } from "../help/verb-help.ts";
import { jsonLine } from "../render/json.ts";
import { nearest } from "../runner/distance.ts";
import { spellings, verbsOfNoun } from "../runner/verbs.ts";
import type { LocalRun } from "./run.ts";

/** Prints the main help, the advanced one, a noun's, or a verb's. Throws `malformed` for a verb that there is not. */
export const run: LocalRun = async ({ verb }, { host, terminal, machine, print: printText }) => {
  const print = (text: string) => printText(machine ? jsonLine({ text }) : text);
  const asked = typeof verb === "string" ? verb : "";
  if (asked === "") return print(mainHelp(host.call, terminal));
  if (asked === "advanced") return print(advancedHelp(host.call, terminal));
  const known = spellings.get(asked);
  if (known) return print(verbHelp(known, host.call, terminal));
  const family = verbsOfNoun(asked);
  if (family.length > 0) return print(nounHelp(asked, family, host.call, terminal));
  const near = nearest(asked, [...spellings.keys(), "advanced"]);
  throw new MeshError("malformed", `there is no verb "${asked}"`, {
    hint: near
      ? `did you mean: ${host.call} help ${near}`
      : `${host.call} help advanced lists what there is`,
  });
};
