import type { DeviceHandlers } from "../handler.ts";
import * as alias from "./alias/index.ts";
import * as apikey from "./apikey/index.ts";
import * as audit from "./audit/index.ts";
import * as backup from "./backup/index.ts";
import * as context from "./context/index.ts";
import * as device from "./device/index.ts";
import * as file from "./file/index.ts";
import * as grant from "./grant/index.ts";
import * as group from "./group/index.ts";
import * as guard from "./guard/index.ts";
import * as invite from "./invite/index.ts";
import * as member from "./member/index.ts";
import * as memory from "./memory/index.ts";
import * as mesh from "./mesh/index.ts";
import * as message from "./message/index.ts";
import * as notification from "./notification/index.ts";
import * as peer from "./peer/index.ts";
import * as peerfile from "./peerfile/index.ts";
import * as schedule from "./schedule/index.ts";
import * as search from "./search/index.ts";
import * as skill from "./skill/index.ts";
import * as state from "./state/index.ts";
import * as status from "./status/index.ts";
import * as stream from "./stream/index.ts";
import * as summary from "./summary/index.ts";
import * as task from "./task/index.ts";
import * as topic from "./topic/index.ts";
import * as vault from "./vault/index.ts";
import * as visible from "./visible/index.ts";
import * as watch from "./watch/index.ts";
import * as webhook from "./webhook/index.ts";

/** Every operation with an opened view and who answers it, sorted. */
export const handlers: DeviceHandlers = {
  "alias.list": alias.list,
  "alias.set": alias.set,
  "apikey.create": apikey.create,
  "apikey.list": apikey.list,
  "audit.list": audit.list,
  "audit.tail": audit.tail,
  "audit.verify": audit.verify,
  "backup.create": backup.create,
  "backup.restore": backup.restore,
  "context.get": context.get,
  "context.list": context.list,
  "context.share": context.share,
  "device.link": device.link,
  "device.list": device.list,
  "device.revoke": device.revoke,
  "file.delete": file.del,
  "file.get": file.get,
  "file.grant": file.grant,
  "file.list": file.list,
  "file.progress": file.progress,
  "file.share": file.share,
  "file.status": file.status,
  "grant.block": grant.block,
  "grant.list": grant.list,
  "grant.revoke": grant.revoke,
  "grant.set": grant.set,
  "grant.unblock": grant.unblock,
  "group.join": group.join,
  "group.leave": group.leave,
  "group.list": group.list,
  "guard.release": guard.release,
  "guard.set": guard.set,
  "guard.status": guard.status,
  "invite.claim": invite.claim,
  "invite.create": invite.create,
  "invite.list": invite.list,
  "invite.preview": invite.preview,
  "invite.revoke": invite.revoke,
  "member.ban": member.ban,
  "member.bans": member.bans,
  "member.disconnect": member.disconnect,
  "member.kick": member.kick,
  "member.list": member.list,
  "member.permissions": member.permissions,
  "member.role": member.role,
  "member.unban": member.unban,
  "member.update": member.update,
  "member.verify": member.verify,
  "memory.add": memory.add,
  "memory.delete": memory.del,
  "memory.list": memory.list,
  "memory.search": memory.search,
  "mesh.accept": mesh.accept,
  "mesh.confirm": mesh.confirm,
  "mesh.create": mesh.create,
  "mesh.info": mesh.info,
  "mesh.leave": mesh.leave,
  "mesh.list": mesh.list,
  "mesh.ping": mesh.ping,
  "mesh.rename": mesh.rename,
  "mesh.settings": mesh.settings,
  "mesh.templates": mesh.templates,
  "message.dead_letters": message.deadLetters,
  "message.inbox": message.inbox,
  "message.send": message.send,
  "message.show": message.show,
  "message.status": message.status,
  "message.why": message.why,
  "notification.list": notification.list,
  "notification.read": notification.read,
  "peer.list": peer.list,
  "peerfile.list": peerfile.list,
  "peerfile.read": peerfile.read,
  "peerfile.share": peerfile.share,
  "peerfile.shared": peerfile.shared,
  "peerfile.unshare": peerfile.unshare,
  "schedule.cancel": schedule.cancel,
  "schedule.create": schedule.create,
  "schedule.list": schedule.list,
  "schedule.tool": schedule.tool,
  "schedule.webhook": schedule.webhook,
  "search.messages": search.messages,
  "skill.deploy": skill.deploy,
  "skill.get": skill.get,
  "skill.list": skill.list,
  "skill.remove": skill.remove,
  "skill.share": skill.share,
  "skill.trust": skill.trust,
  "skill.untrust": skill.untrust,
  "state.delete": state.del,
  "state.get": state.get,
  "state.list": state.list,
  "state.set": state.set,
  "status.set": status.set,
  "stream.create": stream.create,
  "stream.delete": stream.del,
  "stream.follow": stream.follow,
  "stream.list": stream.list,
  "stream.publish": stream.publish,
  "stream.subscribe": stream.subscribe,
  "stream.unsubscribe": stream.unsubscribe,
  "summary.set": summary.set,
  "task.cancel": task.cancel,
  "task.claim": task.claim,
  "task.complete": task.complete,
  "task.create": task.create,
  "task.list": task.list,
  "topic.create": topic.create,
  "topic.delete": topic.del,
  "topic.edit": topic.edit,
  "topic.history": topic.history,
  "topic.invite": topic.invite,
  "topic.join": topic.join,
  "topic.leave": topic.leave,
  "topic.list": topic.list,
  "topic.members": topic.members,
  "topic.pin": topic.pin,
  "topic.post": topic.post,
  "topic.react": topic.react,
  "topic.read": topic.read,
  "topic.retract": topic.retract,
  "topic.tail": topic.tail,
  "topic.typing": topic.typing,
  "topic.update": topic.update,
  "vault.get": vault.get,
  "vault.list": vault.list,
  "vault.set": vault.set,
  "visible.set": visible.set,
  "watch.create": watch.create,
  "watch.delete": watch.del,
  "watch.list": watch.list,
  "webhook.create": webhook.create,
  "webhook.delete": webhook.del,
  "webhook.list": webhook.list,
};
