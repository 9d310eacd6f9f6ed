import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ErrorCode, RosterEntry } from "@claudemesh/protocol";
import { sha256 } from "../../domain.ts";
import { toHex, utf8 } from "../../encoding.ts";
import { parseEntry } from "../entry.ts";
import { refusal } from "../fixture.ts";
import { Roster } from "../roster.ts";
import { stateOf } from "./chain-vector.ts";
import { chainFile, chainText, permissionsFile, permissionsText } from "./make.ts";

interface ChainVector {
  readonly entries: readonly { signed: string; hash: string; entry: RosterEntry }[];
  readonly state: unknown;
  readonly refused: readonly { name: string; after: number; code: ErrorCode; entry: unknown }[];
}

const vector = JSON.parse(readFileSync(chainFile, "utf8")) as ChainVector;

const afterFirst = (count: number): Roster => {
  const [genesis, ...rest] = vector.entries.map(({ entry }) => parseEntry(entry));
  assert.ok(genesis);
  const roster = Roster.fromGenesis(genesis);
  roster.append(rest.slice(0, count - 1));
  return roster;
};

test("the files are what the code makes", () => {
  assert.equal(readFileSync(chainFile, "utf8"), chainText());
  assert.equal(readFileSync(permissionsFile, "utf8"), permissionsText());
});

test("the recorded chain verifies to the recorded hashes and state", () => {
  const roster = afterFirst(vector.entries.length);
  for (const [seq, { hash, signed }] of vector.entries.entries()) {
    assert.equal(roster.hashAt(seq), hash);
    assert.equal(toHex(sha256(utf8(signed))), hash);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(stateOf(roster))), vector.state);
});

test("every recorded refusal has its code", () => {
  assert.ok(vector.refused.length > 15);
  for (const { after, code, entry, name } of vector.refused) {
    const roster = afterFirst(after);
    assert.throws(() => roster.check(parseEntry(entry)), refusal(code), name);
  }
});
