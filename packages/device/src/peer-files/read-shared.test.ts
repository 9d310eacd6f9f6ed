import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type ErrorCode, limits, MeshError } from "@claudemesh/protocol";
import type { SharedRoot } from "./open-inside.ts";
import { listShared, readShared } from "./read-shared.ts";

const base = mkdtempSync(join(tmpdir(), "claudemesh-peer-"));
after(() => rmSync(base, { recursive: true, force: true }));
const folder = join(base, "shared");
const secret = "a secret outside";

/** The folder that is shared, what lies around it, and every kind of link between the two. */
function lay(): void {
  mkdirSync(join(folder, "docs", "deep"), { recursive: true });
  mkdirSync(join(folder, ".hidden"));
  mkdirSync(join(base, "shared-not"));
  mkdirSync(join(base, "outside"));
  const files: [string, string | Uint8Array][] = [
    ["shared/readme.md", "hello"],
    ["shared/docs/a.txt", "a"],
    ["shared/docs/deep/b.txt", "b"],
    ["shared/été.txt", "summer"],
    ["shared/with space.txt", "space"],
    ["shared/..almost", "dots"],
    ["shared/.env", secret],
    ["shared/.hidden/x", secret],
    ["shared/full", new Uint8Array(limits.peerFileBytes)],
    ["shared/over", new Uint8Array(limits.peerFileBytes + 1)],
    ["outside/secret", secret],
    ["shared-not/secret", secret],
    ["secret", secret],
  ];
  for (const [path, content] of files) writeFileSync(join(base, path), content);
  const links: [string, string][] = [
    ["out-file", "../secret"],
    ["out-folder", "../outside"],
    ["out-absolute", join(base, "secret")],
    ["out-sibling", "../shared-not"],
    ["out-up", ".."],
    ["out-root", "/"],
    ["out-by-two", "out-file"],
    ["out-back", "../shared-not/../secret"],
    ["to-env", ".env"],
    ["to-hidden", ".hidden"],
    ["docs/out", "../../secret"],
    ["docs/deep/out", "../../../outside/secret"],
    ["in-file", "readme.md"],
    ["in-folder", "docs"],
    ["in-round", "../shared/readme.md"],
    ["loop", "loop"],
    ["loop-a", "loop-b"],
    ["loop-b", "loop-a"],
    ["dangling", "nowhere"],
    ["to-null", "/dev/null"],
    ["to-zero", "/dev/zero"],
    ["to-tty", "/dev/tty"],
    ["to-proc", "/proc/self/environ"],
    ["to-fd", "/proc/self/fd"],
    ["to-cwd", "/proc/self/cwd"],
  ];
  for (const [name, target] of links) symlinkSync(target, join(folder, name));
  execFileSync("mkfifo", [join(folder, "pipe")]);
}
lay();

const root: SharedRoot = { path: folder, dotfiles: false };
const refusals: readonly ErrorCode[] = ["forbidden", "not_found"];

async function refusedBoth(path: string, of: SharedRoot = root): Promise<void> {
  for (const look of [() => readShared(of, path, 0), () => listShared(of, path)]) {
    const found = await look().then(
      (got) => JSON.stringify(got),
      (error: unknown) => {
        assert.ok(error instanceof MeshError, `${JSON.stringify(path)}: ${error}`);
        assert.ok(refusals.includes(error.code), `${JSON.stringify(path)}: ${error.code}`);
        assert.ok(!error.message.includes(base), error.message);
        return undefined;
      },
    );
    assert.equal(found, undefined, `${JSON.stringify(path)} gave ${found}`);
  }
}

/** Ways to say "up" in one component and ways to lead into it. */
const ups = [
  "..",
  "..\\",
  "..%2f",
  "%2e%2e",
  "..;",
  "．．",
  "..\0",
  ".. ",
  "...",
  "..\u200b",
  "..\n",
  "\\..",
  "..\\..",
];
const heads = ["", "docs/", "docs/deep/", "./", "docs/./", "/", "//", "in-folder/", "nowhere/"];
const tails = [
  "secret",
  "../secret",
  "outside/secret",
  "shared-not/secret",
  "shared/../secret",
  "etc/passwd",
];
const traversals = ups.flatMap((up) =>
  heads.flatMap((head) => tails.map((tail) => `${head}${up}/${tail}`)),
);

const named = [
  ...["/", "//", "/etc/passwd", "/etc/shadow", "//etc/passwd", "/dev/null", "/proc/self/environ"],
  ...["C:", "C:\\", "C:/Windows", "c:secret", "\\\\host\\share", "\\secret", "docs\\a.txt"],
  ...[
    "file:///etc/passwd",
    "~",
    "~root",
    "~/.ssh/id_rsa",
    "$HOME",
    "docs//a.txt",
    "docs///",
    "./readme.md",
  ],
  ...[
    "docs/.",
    "docs/..",
    ".",
    "..",
    "../shared/readme.md",
    "docs/../readme.md",
    "docs/deep/../../readme.md",
  ],
  ...[
    "readme.md\0",
    "\0readme.md",
    "readme.md\0.txt",
    "readme\n.md",
    "readme.md\r",
    "\u0000",
    "readme.md\u0085",
  ],
  ...[
    "con",
    "CON",
    "con.txt",
    "nul",
    "NUL.md",
    "aux.h",
    "prn",
    "com1",
    "COM9.log",
    "lpt1",
    "docs/nul",
    "clock$",
  ],
  ...["readme.md.", "readme.md ", "docs./a.txt", "docs /a.txt", "readme.md/x", "readme.md/.."],
  ...[
    ".env",
    ".hidden",
    ".hidden/x",
    "docs/.git/config",
    ".hidden/../readme.md",
    "..almost",
    ".",
    "./.env",
  ],
  ...["a".repeat(256), "é".repeat(200), `${"a/".repeat(100)}b`, "\ud800", "a\ud800b"],
  ...[
    "out-file",
    "out-folder",
    "out-folder/secret",
    "out-absolute",
    "out-sibling",
    "out-sibling/secret",
  ],
  ...[
    "out-up",
    "out-up/secret",
    "out-up/shared/readme.md/..",
    "out-root",
    "out-root/etc/passwd",
    "out-by-two",
  ],
  ...[
    "out-back",
    "docs/out",
    "docs/deep/out",
    "in-folder/out",
    "in-folder/deep/out",
    "to-env",
    "to-hidden",
  ],
  ...[
    "to-hidden/x",
    "loop",
    "loop-a",
    "loop-b",
    "dangling",
    "to-null",
    "to-zero",
    "to-tty",
    "to-proc",
    "to-fd",
  ],
  ...[
    "to-fd/0",
    "to-fd/1",
    "to-cwd",
    "to-cwd/package.json",
    "pipe",
    "pipe/x",
    "nowhere",
    "docs/nowhere",
  ],
  ...[
    "secret",
    "outside/secret",
    "shared-not/secret",
    "shared/readme.md",
    "-not/secret",
    "READ\tME",
  ],
].filter((path) => path !== ".");

test("nothing outside is ever given, whatever the path says", async () => {
  const cases = [...new Set([...traversals, ...named])];
  assert.ok(cases.length > 300, String(cases.length));
  for (const path of cases) await refusedBoth(path);
});

test("what is inside is given, also through links that stay there", async () => {
  const good: [string, string][] = [
    ["readme.md", "hello"],
    ["docs/a.txt", "a"],
    ["docs/deep/b.txt", "b"],
    ["été.txt", "summer"],
    ["with space.txt", "space"],
    ["in-file", "hello"],
    ["in-folder/a.txt", "a"],
    ["in-folder/deep/b.txt", "b"],
    ["in-round", "hello"],
  ];
  for (const [path, content] of good) {
    assert.equal((await readShared(root, path, 0)).data.toString(), content, path);
  }
  assert.equal((await readShared({ ...root, dotfiles: true }, ".env", 0)).data.toString(), secret);
  for (const path of ["", ".", "docs", "docs/", "in-folder"]) {
    const { items } = await listShared(root, path);
    assert.ok(items.length > 0);
    assert.ok(
      items.every(({ name }) => !name.startsWith(".") && !name.includes("out")),
      path,
    );
  }
  const names = (await listShared(root, "")).items.map(({ name }) => name);
  assert.deepEqual(names, ["docs", "full", "over", "readme.md", "with space.txt", "été.txt"]);
});

test("a file of one MiB is given in pieces, a larger one is not", async () => {
  const first = await readShared(root, "full", 0);
  assert.equal(first.bytes, limits.peerFileBytes);
  assert.equal(first.data.length, limits.peerFilePiece);
  assert.equal((await readShared(root, "full", first.bytes)).data.length, 0);
  await assert.rejects(
    readShared(root, "over", 0),
    (error: unknown) => error instanceof MeshError && error.code === "too_large",
  );
});

test("a link that is put in while it is read leads nobody out", async () => {
  const path = join(folder, "swapped");
  const spare = join(base, "spare");
  const link = join(base, "link");
  writeFileSync(path, "inside");
  symlinkSync(join(base, "secret"), link);
  let swaps = 0;
  let isOver = false;
  const swapping = (async () => {
    while (!isOver) {
      renameSync(path, spare);
      renameSync(link, path);
      await new Promise(setImmediate);
      renameSync(path, link);
      renameSync(spare, path);
      swaps += 1;
      await new Promise(setImmediate);
    }
  })();
  let given = 0;
  for (let round = 0; round < 500 || given === 0 || swaps === 0; round += 1) {
    const text = await readShared(root, "swapped", 0).then(
      ({ data }) => data.toString(),
      (error: unknown) => {
        assert.ok(error instanceof MeshError);
        return undefined;
      },
    );
    if (text !== undefined) assert.equal(text, "inside");
    if (text !== undefined) given += 1;
  }
  isOver = true;
  await swapping;
  assert.ok(swaps > 0 && given > 0);
  unlinkSync(path);
});

test("a folder that is replaced by a link leads nobody out", async () => {
  const path = join(folder, "moving");
  mkdirSync(path);
  linkSync(join(folder, "readme.md"), join(path, "secret"));
  assert.equal((await readShared(root, "moving/secret", 0)).data.toString(), "hello");
  renameSync(path, join(base, "moved"));
  symlinkSync(join(base, "outside"), path);
  await refusedBoth("moving/secret");
  await refusedBoth("moving");
  unlinkSync(path);
});

test("a root that is itself a link is the folder that it leads to", async () => {
  const link = join(base, "by-link");
  symlinkSync(folder, link);
  const by = { path: link, dotfiles: false };
  assert.equal((await readShared(by, "readme.md", 0)).data.toString(), "hello");
  await refusedBoth("out-file", by);
  await refusedBoth("../secret", by);
});
