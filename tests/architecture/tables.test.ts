import assert from "node:assert/strict";
import { test } from "node:test";
import {
  closeCodes,
  commonCodes,
  errorTable,
  nouns,
  opNames,
  rosterBodies,
} from "@claudemesh/protocol";
import { isTest, sources } from "./sources.ts";

const sorted = (names: readonly string[]): string[] => [...names].sort((a, b) => (a < b ? -1 : 1));

test("tables are sorted, so that two people's additions do not collide", () => {
  const tables: Record<string, readonly string[]> = {
    closeCodes: Object.keys(closeCodes),
    commonCodes,
    errorTable: Object.keys(errorTable),
    nouns: Object.keys(nouns),
    rosterBodies: Object.keys(rosterBodies),
  };
  for (const [name, keys] of Object.entries(tables))
    assert.deepEqual([...keys], sorted(keys), name);
});

test("an operation's name is spelled in protocol, and elsewhere only as a type or in its one handler table", () => {
  const quoted = new RegExp(
    `"(${opNames.map((name) => name.replace(".", "\\.")).join("|")})"`,
    "g",
  );
  const asType = /(?:Handler|Code|Input|Output|OpenInput|OpenParsed|OpenOutput|CallContext|Op)<$/;
  for (const file of sources("{packages,apps}/*/src/**/*.ts")) {
    if (file.path.startsWith("packages/protocol/") || isTest(file.path)) continue;
    if (file.path.endsWith("/ops/index.ts")) continue;
    for (const match of file.text.matchAll(quoted)) {
      const before = file.text.slice(0, match.index);
      assert.match(before, asType, `${file.path} spells ${match[0]}: import the declaration`);
    }
  }
});
