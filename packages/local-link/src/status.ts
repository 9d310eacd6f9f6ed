import { MeshId, RosterCheck } from "@claudemesh/protocol";
import { z } from "zod";

/** What a daemon says of itself to whoever connects. */
export const Hello = z.object({
  version: z.string(),
  protocol: z.int(),
  pid: z.int(),
  home: z.string(),
  startedAt: z.int(),
});
export type Hello = z.infer<typeof Hello>;

/** How the connection to a mesh's broker stands: `elsewhere` when another process of this home holds the feed. */
const LinkStanding = z.enum(["connecting", "elsewhere", "open", "waiting"]);

/** What `daemon status` shows. Times are ms since the Unix epoch, sizes bytes. */
export const DaemonStatus = Hello.extend({
  uptimeMs: z.int(),
  memory: z.object({ rssBytes: z.int(), heapBytes: z.int() }),
  readers: z.int(),
  meshes: z.array(
    z.object({
      id: MeshId,
      slug: z.string(),
      broker: z.string(),
      link: LinkStanding,
      since: z.int(),
      /** connections opened since the daemon started */
      connects: z.int(),
      reason: z.string().optional(),
      retryAt: z.int().optional(),
      queued: z.int(),
      unread: z.int(),
      mentions: z.int(),
      /** while the roster is not verified whole: entries of which every signature was, of how many, and what does not hold */
      rosterCheck: RosterCheck.optional(),
      /** sessions and people of others that are online, where that is known */
      peers: z.int().optional(),
    }),
  ),
});
export type DaemonStatus = z.infer<typeof DaemonStatus>;
