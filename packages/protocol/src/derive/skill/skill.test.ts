import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyOp } from "../../op.ts";
import { nouns } from "../../registry.ts";
import { commandLine } from "../command-line.ts";
import { aboutTokens, skills, unpromptedVerbs } from "./index.ts";

const all = skills("claudemesh");

test("every verb that people and agents can type stands in one skill", () => {
  for (const family of Object.values(nouns)) {
    for (const declared of Object.values(family) as AnyOp[]) {
      if (declared.cli === undefined) continue;
      const line = `- \`${commandLine(declared)}\`: ${declared.summary}\n`;
      assert.equal(all.filter(({ text }) => text.includes(line)).length, 1, declared.name);
    }
  }
});

test("a skill has the front matter that agents read, on lines of its own", () => {
  for (const { name, text } of all) {
    const [, front] = /^---\n([\s\S]*?)\n---\n/.exec(text) ?? [];
    assert.match(front ?? "", new RegExp(`^name: ${name}$`, "m"));
    const [, description] = /^description: (".*")$/m.exec(front ?? "") ?? [];
    const said: unknown = JSON.parse(description ?? "");
    assert.ok(typeof said === "string" && said.length > 40 && said.length <= 1_536, name);
  }
});

test("the core skill stays small enough to be loaded without a thought", () => {
  const [core] = all;
  assert.equal(core?.name, "claudemesh");
  assert.ok(aboutTokens(core?.text ?? "") <= 1_200, String(aboutTokens(core?.text ?? "")));
});

test("the program is called as it can be run here", () => {
  const [core] = skills("/opt/bin/claudemesh");
  assert.match(core?.text ?? "", /`\/opt\/bin\/claudemesh send <to> <text\.\.\.> --reply-to <id>`/);
});

test("an agent reads and talks unprompted, and neither leaves, invites nor loosens a guard", () => {
  const words = unpromptedVerbs();
  for (const one of ["inbox", "send", "why", "peers", "list"]) assert.ok(words.includes(one), one);
  for (const one of ["leave", "invite", "new", "guard set", "guard release"]) {
    assert.ok(!words.includes(one), one);
  }
});
