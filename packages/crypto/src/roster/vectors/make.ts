import { writeFileSync } from "node:fs";
import { permissionNames } from "@claudemesh/protocol";
import { authorRules, permissionTable, roleRank } from "../permissions.ts";
import { chainVector } from "./chain-vector.ts";
import { effectiveRows, lastOwnerCells, overrideCells, roleCells } from "./permission-cells.ts";
import { restoreCells } from "./restore-cells.ts";
import { foundingCells, topicCells } from "./topic-cells.ts";

const folder = new URL("../../../../../vectors/", import.meta.url);
export const chainFile = new URL("roster.json", folder);
export const permissionsFile = new URL("roster-permissions.json", folder);

/** JSON with one line per element of a top-level list, so that a changed cell is a changed line. */
function lines(value: object): string {
  const fields = Object.entries(value).map(([name, field]) => {
    const text = Array.isArray(field)
      ? `[\n${field.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`
      : JSON.stringify(field);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${fields.join(",\n")}\n}\n`;
}

/** The text of `vectors/roster.json`. */
export const chainText = (): string => lines(chainVector());

/** The text of `vectors/roster-permissions.json`. */
export const permissionsText = (): string =>
  lines({
    about:
      "who may append what: each cell is an author's role, the policy whoMayInvite, an entry type with its subject, and the answer; several owners unless lastOwner",
    roleRank,
    permissions: permissionNames.map((name) => ({ name, ...permissionTable[name] })),
    authorRules: Object.entries(authorRules).map(([type, rule]) => ({ type, ...rule })),
    effective: effectiveRows(),
    cells: roleCells(),
    overrides: overrideCells(),
    lastOwner: lastOwnerCells(),
    restores: restoreCells(),
    topics: topicCells(),
    founding: foundingCells(),
  });

if (import.meta.main) {
  writeFileSync(chainFile, chainText());
  writeFileSync(permissionsFile, permissionsText());
}
