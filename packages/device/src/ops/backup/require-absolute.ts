import { isAbsolute } from "node:path";
import { MeshError } from "@claudemesh/protocol";

/** Throws `malformed` for a path that would mean something else in the device's process than where it was typed. */
export function requireAbsolute(path: string): void {
  if (isAbsolute(path)) return;
  throw new MeshError("malformed", "path: must be absolute", { detail: { field: "path" } });
}
