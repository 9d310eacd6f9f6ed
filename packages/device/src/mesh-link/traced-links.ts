import { type Client, traced } from "@claudemesh/sdk";
import type { LinkAccess } from "./link-access.ts";
import type { MeshLink } from "./links.ts";

/** The same connections for a caller with a trace of its own; without one, as they are. */
export function tracedLinks(links: LinkAccess, trace: string | undefined): LinkAccess {
  if (trace === undefined) return links;
  const ofClient = (client: Client): Client => traced(client, trace);
  const ofLink = ({ client, welcome, clockAheadMs }: MeshLink): MeshLink => ({
    client: ofClient(client),
    welcome,
    clockAheadMs,
  });
  return {
    anonymous: async (url) => ofClient(await links.anonymous(url)),
    call: async (row) => ofLink(await links.call(row)),
    close: () => links.close(),
    end: (mesh) => links.end(mesh),
    hangUp: () => links.hangUp(),
    open: async (row, purpose) => ofLink(await links.open(row, purpose)),
    opened: () => links.opened(),
    unverified: async (row) => ofClient(await links.unverified(row)),
    using: (row, fn) => links.using(row, (link) => fn(ofLink(link))),
  };
}
