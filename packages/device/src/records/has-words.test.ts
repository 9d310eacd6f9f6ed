import assert from "node:assert/strict";
import { test } from "node:test";
import { hasWords } from "./has-words.ts";

const found = (text: string, query: string) =>
  hasWords({ op: "memory.add", input: { text, tags: ["ops"] } }, query);

test("what waits here is found by beginnings of its words, by its tags, and by parts of identifiers", () => {
  assert.ok(found("the staging key is rotated on Mondays", "stag MONDAY"));
  assert.ok(found("the staging key", "ops"));
  assert.ok(found("getUserById throws", "userById"));
  assert.ok(found("数据库迁移在星期一", "迁移"));
  assert.ok(!found("the staging key", "staging lock"));
  assert.ok(!found("the staging key", "— !"));
});
