import type { Client } from "@claudemesh/sdk";
import { orStopped } from "../online/or-stopped.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { Links, MeshLink } from "./links.ts";

/** Connections as the parts of a device use them. */
export type LinkAccess = Pick<
  Links,
  "anonymous" | "call" | "close" | "end" | "hangUp" | "open" | "opened" | "unverified" | "using"
>;

/** The same connections for one caller: nothing that is asked through them is waited for after `signal`. What opens too late is closed. */
export function linksUntil(links: LinkAccess, signal: AbortSignal): LinkAccess {
  const closing = async <T>(opening: Promise<T>, close: (late: T) => Promise<void>): Promise<T> => {
    try {
      return await orStopped(opening, signal);
    } catch (error) {
      opening.then(close).catch(() => {});
      throw error;
    }
  };
  return {
    anonymous: (url) => closing(links.anonymous(url), (late: Client) => late.close()),
    call: (row) => orStopped(links.call(row), signal),
    close: () => links.close(),
    end: (mesh) => links.end(mesh),
    hangUp: () => links.hangUp(),
    open: (row, purpose) =>
      closing(links.open(row, purpose), (late: MeshLink) => late.client.close()),
    opened: () => links.opened(),
    unverified: (row) => closing(links.unverified(row), (late: Client) => late.close()),
    using: <T>(row: MembershipRow, fn: (link: MeshLink) => Promise<T>) =>
      orStopped(links.using(row, fn), signal),
  };
}
