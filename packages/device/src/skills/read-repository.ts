import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isClaimLive } from "../home/process-liveness.ts";
import { type GitRun, runGit } from "./git.ts";
import { refuseLink, type Tree, TreeBuilder } from "./tree.ts";

/** Clones a repository's newest state, without checking anything out, has its skills read, and removes the clone. */
export async function withRepository<T>(
  ctx: DeviceContext,
  source: string,
  use: (tree: Tree) => Promise<T>,
): Promise<T> {
  const { protocol, url } = requireUrl(source);
  const folder = makeFolder(ctx);
  try {
    const run = (args: GitRun["args"], input?: string) =>
      runGit({
        ...{ folder, protocol, args, timer: ctx.timer },
        ...(input === undefined ? {} : { input }),
      });
    const bare = ["--bare", "--depth=1", "--single-branch", "--no-tags", "--template="];
    await run(["clone", "--quiet", ...bare, "--no-recurse-submodules", "--", url, "clone"]);
    const inClone = (...args: string[]) => ["--git-dir=clone", ...args];
    const listed = await run(inClone("ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD"));
    return await use(
      treeOf(listed.toString("utf8"), async (object) => {
        return await run(inClone("cat-file", "blob", object));
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `https:`, or `http:` on this machine; without credentials, which would show in the list of processes. Throws `malformed`. */
function requireUrl(source: string): { readonly protocol: string; readonly url: string } {
  const url = URL.parse(source);
  const isHere = url !== null && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  const isFine = url?.protocol === "https:" || (url?.protocol === "http:" && isHere);
  if (url === null || !isFine || url.username !== "" || url.password !== "") {
    throw new MeshError(
      "malformed",
      "source: expected a file or folder here, or an https:// URL without credentials",
      { detail: { field: "source" } },
    );
  }
  return { protocol: url.protocol.slice(0, -1), url: url.href };
}

function treeOf(listed: string, read: (object: string) => Promise<Uint8Array>): Tree {
  const builder = new TreeBuilder();
  for (const line of listed.split("\0")) {
    if (line === "") continue;
    const [about = "", path = ""] = line.split("\t", 2);
    const [mode = "", kind, object = "", size] = about.split(/ +/);
    if (mode === "120000") refuseLink(path);
    // Another repository within this one is left out.
    if (kind !== "blob") continue;
    builder.add(path, { bytes: Number(size), read: () => read(object) });
  }
  return builder.tree;
}

/** A folder of this process's own. */
function makeFolder(ctx: DeviceContext): string {
  sweepClones(ctx);
  const all = clonesOf(ctx);
  mkdirSync(all, { recursive: true, mode: 0o700 });
  const own = `${ctx.token.split(":").slice(0, 2).join("_")}_${toHex(ctx.random(8))}`;
  const folder = join(all, own);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

const clonesOf = ({ home }: Pick<DeviceContext, "home">): string =>
  join(home.paths.folder, "deploy");

/** Removes the clones of processes that were killed. */
export function sweepClones(ctx: Pick<DeviceContext, "home" | "log">): void {
  const all = clonesOf(ctx);
  if (!existsSync(all)) return;
  for (const name of readdirSync(all)) {
    if (isClaimLive(name.replaceAll("_", ":"))) continue;
    try {
      // A git that outlives its parent may write still.
      rmSync(join(all, name), { recursive: true, force: true, maxRetries: 5 });
    } catch (cause) {
      ctx.log("warn", `what a deploy has left was not removed: ${cause}`);
    }
  }
}
