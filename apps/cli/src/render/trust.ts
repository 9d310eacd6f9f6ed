import type { Trust } from "@claudemesh/protocol";
import { cleanLine } from "../terminal/clean.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What stands behind a key: nothing where it was never compared. */
export function trustWord(trust: Trust, { icons, paint }: Terminal): string {
  if (trust === "verified") return ` ${paint("good", `${icons.ok} verified`)}`;
  if (trust === "changed") return ` ${paint("bad", `${icons.warn} KEY CHANGED`)}`;
  if (trust === "look_alike") return ` ${paint("bad", `${icons.warn} LOOK-ALIKE`)}`;
  return "";
}

interface Marked {
  readonly name: string;
  readonly trust: Trust;
}

/** One loud sentence for each whose keys changed or whose name can be taken for a verified one's. */
export const trustNotes = (items: readonly Marked[], call: string): string[] => {
  const said = items.flatMap(({ name, trust }) => {
    const shown = cleanLine(name);
    if (trust === "changed") {
      return [
        `the keys of ${shown} are not the ones you verified: ${call} verify ${quoted(shown)}`,
      ];
    }
    if (trust === "look_alike") {
      return [`${shown} is not the member you verified, although the name reads the same`];
    }
    return [];
  });
  return [...new Set(said)];
};

const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `"${name}"`);
