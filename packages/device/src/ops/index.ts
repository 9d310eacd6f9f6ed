import type { DeviceHandlers } from "../handler.ts";
import * as guard from "./guard/index.ts";
import * as invite from "./invite/index.ts";
import * as member from "./member/index.ts";
import * as mesh from "./mesh/index.ts";
import * as message from "./message/index.ts";
import * as peer from "./peer/index.ts";
import * as status from "./status/index.ts";
import * as summary from "./summary/index.ts";
import * as visible from "./visible/index.ts";

/** Every operation with an opened view and who answers it, sorted. */
export const handlers: DeviceHandlers = {
  "guard.release": guard.release,
  "guard.set": guard.set,
  "guard.status": guard.status,
  "invite.claim": invite.claim,
  "invite.create": invite.create,
  "invite.list": invite.list,
  "invite.preview": invite.preview,
  "invite.revoke": invite.revoke,
  "member.list": member.list,
  "member.update": member.update,
  "mesh.create": mesh.create,
  "mesh.info": mesh.info,
  "mesh.leave": mesh.leave,
  "mesh.list": mesh.list,
  "mesh.ping": mesh.ping,
  "mesh.rename": mesh.rename,
  "mesh.settings": mesh.settings,
  "message.dead_letters": message.deadLetters,
  "message.inbox": message.inbox,
  "message.send": message.send,
  "message.show": message.show,
  "message.status": message.status,
  "message.why": message.why,
  "peer.list": peer.list,
  "status.set": status.set,
  "summary.set": summary.set,
  "visible.set": visible.set,
};
