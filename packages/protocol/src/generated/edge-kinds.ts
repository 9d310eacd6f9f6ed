// Written by `npm run gen` from the declarations.
import type { EdgeOpName, Op } from "../registry.ts";

/** Operation name to kind, for programs that start without the schemas. */
export const edgeKinds = {
  "guard.release": "command",
  "guard.set": "command",
  "guard.status": "query",
  "invite.claim": "command",
  "invite.create": "command",
  "invite.list": "query",
  "invite.preview": "query",
  "invite.revoke": "command",
  "member.list": "query",
  "member.update": "command",
  "mesh.create": "command",
  "mesh.info": "query",
  "mesh.leave": "command",
  "mesh.list": "query",
  "mesh.ping": "command",
  "mesh.rename": "command",
  "mesh.settings": "command",
  "message.dead_letters": "query",
  "message.inbox": "command",
  "message.send": "command",
  "message.show": "query",
  "message.status": "query",
  "message.why": "query",
  "peer.list": "query",
  "status.set": "command",
  "summary.set": "command",
  "visible.set": "command",
} as const satisfies { readonly [N in EdgeOpName]: Op<N>["kind"] };
