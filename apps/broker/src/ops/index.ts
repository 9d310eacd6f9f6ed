import type { Handlers } from "../handler.ts";
import { create as apikeyCreate } from "./apikey/create.ts";
import { list as apikeyList } from "./apikey/list.ts";
import { revoke as apikeyRevoke } from "./apikey/revoke.ts";
import { list as auditList } from "./audit/list.ts";
import { claim as deliveryClaim } from "./delivery/claim.ts";
import { list as deviceList } from "./device/list.ts";
import { list as grantList } from "./grant/list.ts";
import { set as grantSet } from "./grant/set.ts";
import { chain as inviteChain } from "./invite/chain.ts";
import { claim as inviteClaim } from "./invite/claim.ts";
import { create as inviteCreate } from "./invite/create.ts";
import { list as inviteList } from "./invite/list.ts";
import { preview as invitePreview } from "./invite/preview.ts";
import { renew as inviteRenew } from "./invite/renew.ts";
import { revoke as inviteRevoke } from "./invite/revoke.ts";
import { list as keysList } from "./keys/list.ts";
import { put as keysPut } from "./keys/put.ts";
import { want as keysWant } from "./keys/want.ts";
import { wanted as keysWanted } from "./keys/wanted.ts";
import { close as mailboxClose } from "./mailbox/close.ts";
import { enter as mailboxEnter } from "./mailbox/enter.ts";
import { open as mailboxOpen } from "./mailbox/open.ts";
import { put as mailboxPut } from "./mailbox/put.ts";
import { take as mailboxTake } from "./mailbox/take.ts";
import { ban as memberBan } from "./member/ban.ts";
import { disconnect as memberDisconnect } from "./member/disconnect.ts";
import { kick as memberKick } from "./member/kick.ts";
import { list as memberList } from "./member/list.ts";
import { permissions as memberPermissions } from "./member/permissions.ts";
import { role as memberRole } from "./member/role.ts";
import { unban as memberUnban } from "./member/unban.ts";
import { update as memberUpdate } from "./member/update.ts";
import { create as meshCreate } from "./mesh/create.ts";
import { info as meshInfo } from "./mesh/info.ts";
import { leave as meshLeave } from "./mesh/leave.ts";
import { ping as meshPing } from "./mesh/ping.ts";
import { rename as meshRename } from "./mesh/rename.ts";
import { settings as meshSettings } from "./mesh/settings.ts";
import { post as messagePost } from "./message/post.ts";
import { send as messageSend } from "./message/send.ts";
import { status as messageStatus } from "./message/status.ts";
import { list as peerList } from "./peer/list.ts";
import { append as rosterAppend } from "./roster/append.ts";
import { list as rosterList } from "./roster/list.ts";
import { attach as sessionAttach } from "./session/attach.ts";
import { detach as sessionDetach } from "./session/detach.ts";
import { report as statsReport } from "./stats/report.ts";
import { set as statusSet } from "./status/set.ts";
import { set as summarySet } from "./summary/set.ts";
import { create as topicCreate } from "./topic/create.ts";
import { del as topicDelete } from "./topic/delete.ts";
import { history as topicHistory } from "./topic/history.ts";
import { invite as topicInvite } from "./topic/invite.ts";
import { join as topicJoin } from "./topic/join.ts";
import { key as topicKey } from "./topic/key.ts";
import { leave as topicLeave } from "./topic/leave.ts";
import { list as topicList } from "./topic/list.ts";
import { members as topicMembers } from "./topic/members.ts";
import { pendingSeals as topicPendingSeals } from "./topic/pending-seals.ts";
import { posts as topicPosts } from "./topic/posts.ts";
import { read as topicRead } from "./topic/read.ts";
import { seal as topicSeal } from "./topic/seal.ts";
import { typing as topicTyping } from "./topic/typing.ts";
import { update as topicUpdate } from "./topic/update.ts";
import { set as visibleSet } from "./visible/set.ts";

/** Every operation that the broker answers, sorted; a missing one does not compile. */
export const handlers: Handlers = {
  "apikey.create": apikeyCreate,
  "apikey.list": apikeyList,
  "apikey.revoke": apikeyRevoke,
  "audit.list": auditList,
  "delivery.claim": deliveryClaim,
  "device.list": deviceList,
  "grant.list": grantList,
  "grant.set": grantSet,
  "invite.chain": inviteChain,
  "invite.claim": inviteClaim,
  "invite.create": inviteCreate,
  "invite.list": inviteList,
  "invite.preview": invitePreview,
  "invite.renew": inviteRenew,
  "invite.revoke": inviteRevoke,
  "keys.list": keysList,
  "keys.put": keysPut,
  "keys.want": keysWant,
  "keys.wanted": keysWanted,
  "mailbox.close": mailboxClose,
  "mailbox.enter": mailboxEnter,
  "mailbox.open": mailboxOpen,
  "mailbox.put": mailboxPut,
  "mailbox.take": mailboxTake,
  "member.ban": memberBan,
  "member.disconnect": memberDisconnect,
  "member.kick": memberKick,
  "member.list": memberList,
  "member.permissions": memberPermissions,
  "member.role": memberRole,
  "member.unban": memberUnban,
  "member.update": memberUpdate,
  "mesh.create": meshCreate,
  "mesh.info": meshInfo,
  "mesh.leave": meshLeave,
  "mesh.ping": meshPing,
  "mesh.rename": meshRename,
  "mesh.settings": meshSettings,
  "message.post": messagePost,
  "message.send": messageSend,
  "message.status": messageStatus,
  "peer.list": peerList,
  "roster.append": rosterAppend,
  "roster.list": rosterList,
  "session.attach": sessionAttach,
  "session.detach": sessionDetach,
  "stats.report": statsReport,
  "status.set": statusSet,
  "summary.set": summarySet,
  "topic.create": topicCreate,
  "topic.delete": topicDelete,
  "topic.history": topicHistory,
  "topic.invite": topicInvite,
  "topic.join": topicJoin,
  "topic.key": topicKey,
  "topic.leave": topicLeave,
  "topic.list": topicList,
  "topic.members": topicMembers,
  "topic.pending_seals": topicPendingSeals,
  "topic.posts": topicPosts,
  "topic.read": topicRead,
  "topic.seal": topicSeal,
  "topic.typing": topicTyping,
  "topic.update": topicUpdate,
  "visible.set": visibleSet,
};
