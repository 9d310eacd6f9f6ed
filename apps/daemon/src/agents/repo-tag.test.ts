import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { repoTag } from "./repo-tag.ts";

test("a checkout is known by its origin, else by its folder, from anywhere inside and from its worktrees", () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-repo-"));
  try {
    const git = join(folder, "checkout", ".git");
    const inside = join(folder, "checkout", "src", "deep");
    mkdirSync(inside, { recursive: true });
    assert.equal(repoTag(inside), undefined);
    mkdirSync(join(git, "worktrees", "side"), { recursive: true });
    assert.equal(repoTag(inside), "repo:checkout");
    const side = join(folder, "side");
    mkdirSync(side);
    writeFileSync(join(side, ".git"), `gitdir: ${git}/worktrees/side\n`);
    assert.equal(repoTag(side), "repo:checkout");
    for (const [url, name] of [
      ["https://example.org/team/engine.git", "engine"],
      ["git@example.org:team/wheel", "wheel"],
      ["/srv/git/axle.git/", "axle"],
    ]) {
      const config = `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n\tfetch = x\n[branch "main"]\n`;
      writeFileSync(join(git, "config"), config);
      assert.equal(repoTag(inside), `repo:${name}`);
      assert.equal(repoTag(side), `repo:${name}`);
    }
    assert.equal(repoTag(join(folder, "nowhere", "at", "all")), undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
