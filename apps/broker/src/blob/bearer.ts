import type { IncomingMessage } from "node:http";
import { type FileId, MeshError } from "@claudemesh/protocol";
import { requireRule } from "../api-keys/require-reach.ts";
import { isKeySecret } from "../api-keys/secret.ts";
import type { Actor, Services } from "../handler.ts";
import type { ClientAddresses } from "../limits/client-address.ts";
import { authenticate, type KeyDoor } from "../rest/authenticate.ts";
import type { Tickets } from "./tickets.ts";

export interface BearerParts {
  readonly tickets: Tickets;
  readonly services: Pick<Services, "store" | "rosters" | "now" | "config">;
  readonly addresses: ClientAddresses;
  readonly door: KeyDoor;
}

/** One who may put the parts of one file. */
export interface Putting {
  readonly does: "put";
  readonly actor: Actor;
  readonly file: FileId;
  readonly bytes: number;
}

/** Who asks the route of bytes: with a ticket for one file, or with an API key, which reads what its topics have. */
export type Bearer =
  | Putting
  | { readonly does: "get"; readonly actor: Actor; readonly file: FileId }
  | { readonly does: "read"; readonly actor: Actor };

/** Who bears this request. A key is looked up each time, so that one that was revoked stops at once. Throws `unauthorized`, `not_member`, and `forbidden` to a key that reads nothing. */
export async function bearerOf(
  request: IncomingMessage,
  { addresses, door, services, tickets }: BearerParts,
): Promise<Bearer> {
  const token = /^Bearer +(\S{1,1000}) *$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (isKeySecret(token)) {
    const actor = await authenticate(request, addresses.client(request), door);
    if (actor === undefined) throw new MeshError("unauthorized", "an API key is needed");
    const roster = await services.rosters.open(actor.mesh);
    requireRule({ needs: "read", reach: "any" }, actor.key, { roster }, undefined);
    return { does: "read", actor };
  }
  const { bytes, device, does, file, member, mesh } = tickets.open(token);
  const roster = await services.rosters.open(mesh);
  if (!roster.isMember(member)) {
    throw new MeshError("not_member", "the bearer is not a member of the mesh any more");
  }
  const actor = { mesh, member, device };
  return does === "put" ? { does, actor, file, bytes } : { does, actor, file };
}

/** What a key that would put a file is told. */
export const keysPutNothing = (): MeshError =>
  new MeshError("forbidden", "no API key may put files: in the open they would pass for sealed", {
    hint: "a bot with keys of its own may: claudemesh apikey create <name> --bot",
    detail: { reason: "members_only" },
  });
