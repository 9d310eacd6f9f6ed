import { join } from "node:path";
import { fromBase64, toHex } from "@claudemesh/crypto";
import { type BackupContents, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { identityText, readIdentity } from "../home/identity.ts";
import { ensureFolder, ensurePrivate, writePrivate } from "../home/private-file.ts";
import { releaseMesh } from "../ops/release-mesh.ts";
import { forgetMesh, listMemberships } from "../store/memberships.ts";
import { checkContents } from "./check-contents.ts";
import { type DeviceIds, putContents } from "./put-contents.ts";

/** Throws `exists` when this home is in a mesh already and nobody said that it may be replaced. */
export function requireUnused({ store, home }: DeviceContext, replace: boolean): void {
  const held = listMemberships(store);
  if (held.length === 0 || replace) return;
  throw new MeshError(
    "exists",
    `this home is in use: ${held.map(({ slug }) => slug).join(", ")}; it would be replaced`,
    {
      hint: `restore into another home with CLAUDEMESH_HOME=<folder>, or confirm; ${home.paths.folder} is copied before`,
      detail: { meshes: held.map(({ mesh, slug }) => ({ id: mesh, slug })) },
    },
  );
}

/** Makes this home what `contents` says, in one transaction; what was here before is copied aside. Answers where, if there was anything. */
export async function replaceHome(
  ctx: DeviceContext,
  contents: BackupContents,
  ids?: DeviceIds,
): Promise<string | undefined> {
  checkContents(contents);
  const held = listMemberships(ctx.store);
  const kept = held.length === 0 ? undefined : copyAside(ctx);
  const released = [];
  try {
    for (const row of held) released.push(await releaseMesh(ctx, row));
    const before = readIdentity(ctx.home);
    const earlier = ctx.earlierSeeds();
    try {
      ctx.store.write(() => {
        for (const { mesh } of held) forgetMesh(ctx.store, mesh);
        putContents(ctx, contents, ids);
        if (ids === undefined) markBackedUp(ctx, contents.at);
        ctx.takeSeed(fromBase64(contents.seed, "identity seed"), earlierIn(contents));
      });
    } catch (error) {
      if (before !== undefined) ctx.takeSeed(before, earlier);
      throw error;
    }
    for (const { mesh } of [...held, ...contents.meshes]) {
      ctx.rosters.forget(mesh);
      ctx.rings.forget(mesh);
    }
  } finally {
    for (const one of released) one.done();
  }
  ctx.wake.now();
  return kept;
}

const earlierIn = ({ earlier = [] }: BackupContents): Uint8Array[] =>
  earlier.map((seed) => fromBase64(seed, "identity seed"));

/** Remembers when this home was last in a backup: then losing it loses nothing older. */
export const markBackedUp = ({ store }: DeviceContext, at: number): number =>
  store.run("INSERT OR REPLACE INTO backup_made (id, at) VALUES (1, ?)", at);

function copyAside(ctx: DeviceContext): string {
  const { folder } = ctx.home.paths;
  const aside = join(folder, `before-restore-${Math.round(ctx.now())}`);
  ensureFolder(aside);
  const database = join(aside, "home.db");
  ensurePrivate(database);
  ctx.store.run("VACUUM INTO ?", database);
  const seed = readIdentity(ctx.home);
  if (seed !== undefined) {
    writePrivate(
      join(aside, "identity.json"),
      identityText(seed, ctx.earlierSeeds()),
      toHex(ctx.random(6)),
    );
  }
  return aside;
}
