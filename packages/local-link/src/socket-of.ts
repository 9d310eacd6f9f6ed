import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type SocketPlace, socketPathOf } from "./socket-path.ts";

/** The file in the home that names the socket, where that cannot lie in the home itself. */
export const socketNote = "daemon.path";

/** The socket of a home: where the daemon that runs says it is, else where one would be. */
export function socketOf(place: SocketPlace): string {
  const path = socketPathOf(place);
  if (place.platform === "win32" || path === join(place.home, "daemon.sock")) return path;
  try {
    return readFileSync(join(place.home, socketNote), "utf8").trim() || path;
  } catch {
    return path;
  }
}
