import type { Handlers } from "../handler.ts";
import { claim as deliveryClaim } from "./delivery/claim.ts";
import { chain as inviteChain } from "./invite/chain.ts";
import { claim as inviteClaim } from "./invite/claim.ts";
import { create as inviteCreate } from "./invite/create.ts";
import { list as inviteList } from "./invite/list.ts";
import { preview as invitePreview } from "./invite/preview.ts";
import { revoke as inviteRevoke } from "./invite/revoke.ts";
import { list as memberList } from "./member/list.ts";
import { update as memberUpdate } from "./member/update.ts";
import { create as meshCreate } from "./mesh/create.ts";
import { info as meshInfo } from "./mesh/info.ts";
import { leave as meshLeave } from "./mesh/leave.ts";
import { ping as meshPing } from "./mesh/ping.ts";
import { rename as meshRename } from "./mesh/rename.ts";
import { settings as meshSettings } from "./mesh/settings.ts";
import { send as messageSend } from "./message/send.ts";
import { status as messageStatus } from "./message/status.ts";
import { list as peerList } from "./peer/list.ts";
import { list as rosterList } from "./roster/list.ts";
import { attach as sessionAttach } from "./session/attach.ts";
import { detach as sessionDetach } from "./session/detach.ts";
import { report as statsReport } from "./stats/report.ts";
import { set as statusSet } from "./status/set.ts";
import { set as summarySet } from "./summary/set.ts";
import { set as visibleSet } from "./visible/set.ts";

/** Every operation that the broker answers, sorted; a missing one does not compile. */
export const handlers: Handlers = {
  "delivery.claim": deliveryClaim,
  "invite.chain": inviteChain,
  "invite.claim": inviteClaim,
  "invite.create": inviteCreate,
  "invite.list": inviteList,
  "invite.preview": invitePreview,
  "invite.revoke": inviteRevoke,
  "member.list": memberList,
  "member.update": memberUpdate,
  "mesh.create": meshCreate,
  "mesh.info": meshInfo,
  "mesh.leave": meshLeave,
  "mesh.ping": meshPing,
  "mesh.rename": meshRename,
  "mesh.settings": meshSettings,
  "message.send": messageSend,
  "message.status": messageStatus,
  "peer.list": peerList,
  "roster.list": rosterList,
  "session.attach": sessionAttach,
  "session.detach": sessionDetach,
  "stats.report": statsReport,
  "status.set": statusSet,
  "summary.set": summarySet,
  "visible.set": visibleSet,
};
