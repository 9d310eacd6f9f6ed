import { chmodSync, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { dirname, join } from "node:path";
import { type SocketPlace, socketNote, socketPathOf } from "@claudemesh/local-link";
import { MeshError } from "@claudemesh/protocol";

/** Has the server listen where this home's daemon is looked for, for this user alone; answers where. The caller holds the home's lock, so a socket that is there is stale. */
export async function listenAt(server: Server, place: SocketPlace): Promise<string> {
  const path = socketPathOf(place);
  const isPipe = place.platform === "win32";
  if (!isPipe) {
    if (dirname(path) !== place.home) ownFolder(dirname(path), place.uid);
    rmSync(path, { force: true });
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  if (!isPipe) chmodSync(path, 0o600);
  if (!isPipe && dirname(path) !== place.home) {
    writeFileSync(join(place.home, socketNote), `${path}\n`, { mode: 0o600 });
  }
  return path;
}

/** A folder of this user's that nobody else may enter. Throws `not_writable` when someone else made it first. */
function ownFolder(folder: string, uid: number | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  const isOwn = uid === undefined || stat.uid === uid;
  if (!stat.isDirectory() || !isOwn) {
    throw new MeshError("not_writable", `this folder is not this user's: ${folder}`, {
      hint: "give the home a shorter path with CLAUDEMESH_HOME, so that the socket lies in it",
    });
  }
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
