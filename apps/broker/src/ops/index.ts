import type { Handlers } from "../handler.ts";
import { create as apikeyCreate } from "./apikey/create.ts";
import { list as apikeyList } from "./apikey/list.ts";
import { revoke as apikeyRevoke } from "./apikey/revoke.ts";
import { list as auditList } from "./audit/list.ts";
import { get as clockGet } from "./clock/get.ts";
import { pause as clockPause } from "./clock/pause.ts";
import { resume as clockResume } from "./clock/resume.ts";
import { set as clockSet } from "./clock/set.ts";
import { get as contextGet } from "./context/get.ts";
import { list as contextList } from "./context/list.ts";
import { share as contextShare } from "./context/share.ts";
import { claim as deliveryClaim } from "./delivery/claim.ts";
import { list as deviceList } from "./device/list.ts";
import { begin as fileBegin } from "./file/begin.ts";
import { del as fileDelete } from "./file/delete.ts";
import { get as fileGet } from "./file/get.ts";
import { grant as fileGrant } from "./file/grant.ts";
import { list as fileList } from "./file/list.ts";
import { share as fileShare } from "./file/share.ts";
import { status as fileStatus } from "./file/status.ts";
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
import { add as memoryAdd } from "./memory/add.ts";
import { del as memoryDelete } from "./memory/delete.ts";
import { list as memoryList } from "./memory/list.ts";
import { search as memorySearch } from "./memory/search.ts";
import { confirm as meshConfirm } from "./mesh/confirm.ts";
import { create as meshCreate } from "./mesh/create.ts";
import { info as meshInfo } from "./mesh/info.ts";
import { leave as meshLeave } from "./mesh/leave.ts";
import { ping as meshPing } from "./mesh/ping.ts";
import { rename as meshRename } from "./mesh/rename.ts";
import { settings as meshSettings } from "./mesh/settings.ts";
import { post as messagePost } from "./message/post.ts";
import { send as messageSend } from "./message/send.ts";
import { status as messageStatus } from "./message/status.ts";
import { list as notificationList } from "./notification/list.ts";
import { read as notificationRead } from "./notification/read.ts";
import { list as peerList } from "./peer/list.ts";
import { answer as peerfileAnswer } from "./peerfile/answer.ts";
import { ask as peerfileAsk } from "./peerfile/ask.ts";
import { append as rosterAppend } from "./roster/append.ts";
import { list as rosterList } from "./roster/list.ts";
import { repeat as rosterRepeat } from "./roster/repeat.ts";
import { cancel as scheduleCancel } from "./schedule/cancel.ts";
import { claim as scheduleClaim } from "./schedule/claim.ts";
import { create as scheduleCreate } from "./schedule/create.ts";
import { finish as scheduleFinish } from "./schedule/finish.ts";
import { list as scheduleList } from "./schedule/list.ts";
import { tool as scheduleTool } from "./schedule/tool.ts";
import { attach as sessionAttach } from "./session/attach.ts";
import { detach as sessionDetach } from "./session/detach.ts";
import { get as skillGet } from "./skill/get.ts";
import { list as skillList } from "./skill/list.ts";
import { remove as skillRemove } from "./skill/remove.ts";
import { share as skillShare } from "./skill/share.ts";
import { del as stateDelete } from "./state/delete.ts";
import { get as stateGet } from "./state/get.ts";
import { list as stateList } from "./state/list.ts";
import { set as stateSet } from "./state/set.ts";
import { report as statsReport } from "./stats/report.ts";
import { set as statusSet } from "./status/set.ts";
import { create as streamCreate } from "./stream/create.ts";
import { del as streamDelete } from "./stream/delete.ts";
import { list as streamList } from "./stream/list.ts";
import { publish as streamPublish } from "./stream/publish.ts";
import { subscribe as streamSubscribe } from "./stream/subscribe.ts";
import { take as streamTake } from "./stream/take.ts";
import { unsubscribe as streamUnsubscribe } from "./stream/unsubscribe.ts";
import { set as summarySet } from "./summary/set.ts";
import { cancel as taskCancel } from "./task/cancel.ts";
import { claim as taskClaim } from "./task/claim.ts";
import { complete as taskComplete } from "./task/complete.ts";
import { create as taskCreate } from "./task/create.ts";
import { list as taskList } from "./task/list.ts";
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
import { del as vaultDelete } from "./vault/delete.ts";
import { get as vaultGet } from "./vault/get.ts";
import { list as vaultList } from "./vault/list.ts";
import { set as vaultSet } from "./vault/set.ts";
import { set as visibleSet } from "./visible/set.ts";
import { create as watchCreate } from "./watch/create.ts";
import { del as watchDelete } from "./watch/delete.ts";
import { list as watchList } from "./watch/list.ts";
import { create as webhookCreate } from "./webhook/create.ts";
import { del as webhookDelete } from "./webhook/delete.ts";
import { list as webhookList } from "./webhook/list.ts";

/** Every operation that the broker answers, sorted; a missing one does not compile. */
export const handlers: Handlers = {
  "apikey.create": apikeyCreate,
  "apikey.list": apikeyList,
  "apikey.revoke": apikeyRevoke,
  "audit.list": auditList,
  "clock.get": clockGet,
  "clock.pause": clockPause,
  "clock.resume": clockResume,
  "clock.set": clockSet,
  "context.get": contextGet,
  "context.list": contextList,
  "context.share": contextShare,
  "delivery.claim": deliveryClaim,
  "device.list": deviceList,
  "file.begin": fileBegin,
  "file.delete": fileDelete,
  "file.get": fileGet,
  "file.grant": fileGrant,
  "file.list": fileList,
  "file.share": fileShare,
  "file.status": fileStatus,
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
  "memory.add": memoryAdd,
  "memory.delete": memoryDelete,
  "memory.list": memoryList,
  "memory.search": memorySearch,
  "mesh.confirm": meshConfirm,
  "mesh.create": meshCreate,
  "mesh.info": meshInfo,
  "mesh.leave": meshLeave,
  "mesh.ping": meshPing,
  "mesh.rename": meshRename,
  "mesh.settings": meshSettings,
  "message.post": messagePost,
  "message.send": messageSend,
  "message.status": messageStatus,
  "notification.list": notificationList,
  "notification.read": notificationRead,
  "peer.list": peerList,
  "peerfile.answer": peerfileAnswer,
  "peerfile.ask": peerfileAsk,
  "roster.append": rosterAppend,
  "roster.list": rosterList,
  "roster.repeat": rosterRepeat,
  "schedule.cancel": scheduleCancel,
  "schedule.claim": scheduleClaim,
  "schedule.create": scheduleCreate,
  "schedule.finish": scheduleFinish,
  "schedule.list": scheduleList,
  "schedule.tool": scheduleTool,
  "session.attach": sessionAttach,
  "session.detach": sessionDetach,
  "state.delete": stateDelete,
  "state.get": stateGet,
  "state.list": stateList,
  "state.set": stateSet,
  "skill.get": skillGet,
  "skill.list": skillList,
  "skill.remove": skillRemove,
  "skill.share": skillShare,
  "stats.report": statsReport,
  "status.set": statusSet,
  "stream.create": streamCreate,
  "stream.delete": streamDelete,
  "stream.list": streamList,
  "stream.publish": streamPublish,
  "stream.subscribe": streamSubscribe,
  "stream.take": streamTake,
  "stream.unsubscribe": streamUnsubscribe,
  "summary.set": summarySet,
  "task.cancel": taskCancel,
  "task.claim": taskClaim,
  "task.complete": taskComplete,
  "task.create": taskCreate,
  "task.list": taskList,
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
  "vault.delete": vaultDelete,
  "vault.get": vaultGet,
  "vault.list": vaultList,
  "vault.set": vaultSet,
  "visible.set": visibleSet,
  "watch.create": watchCreate,
  "watch.delete": watchDelete,
  "watch.list": watchList,
  "webhook.create": webhookCreate,
  "webhook.delete": webhookDelete,
  "webhook.list": webhookList,
};
