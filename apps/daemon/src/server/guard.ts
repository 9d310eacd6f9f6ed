import type { IncomingMessage } from "node:http";
import { localHost } from "@claudemesh/local-link";
import { MeshError } from "@claudemesh/protocol";

/** Refuses what a web page, or a name that was pointed here, could send: the socket is for programs of this user that know it. Throws `forbidden`. */
export function requireLocalProgram({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined) throw refused("Origin");
  if (headers.referer !== undefined) throw refused("Referer");
  if (headers.host !== localHost) {
    throw new MeshError("forbidden", "the daemon does not go by that name");
  }
}

const refused = (name: string): MeshError =>
  new MeshError("forbidden", `the daemon takes no request with ${name}`);
