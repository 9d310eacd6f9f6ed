import type { WriteFn, WriteName } from "../writing/write-context.ts";
import { appendAudit } from "./append-audit.ts";
import { appendGrants } from "./append-grants.ts";
import { appendProfile } from "./append-profile.ts";
import { appendRoster } from "./append-roster.ts";
import { beginFile } from "./begin-file.ts";
import { calledDevice } from "./called-device.ts";
import { claimLease } from "./claim-lease.ts";
import { countDownload } from "./count-download.ts";
import { createMesh } from "./create-mesh.ts";
import { deleteFile } from "./delete-file.ts";
import { deleteJob } from "./delete-job.ts";
import { deleteStream } from "./delete-stream.ts";
import { deleteVaultEntry } from "./delete-vault-entry.ts";
import { endSession } from "./end-session.ts";
import { expire } from "./expire.ts";
import { forgetAnswers } from "./forget-answers.ts";
import { forgetFiles } from "./forget-files.ts";
import { forgetKeyRows } from "./forget-key-rows.ts";
import { forgetKeys } from "./forget-keys.ts";
import { forgetLeases } from "./forget-leases.ts";
import { forgetNode } from "./forget-node.ts";
import { forgetNotifications } from "./forget-notifications.ts";
import { forgetOrders } from "./forget-orders.ts";
import { forgetRecords } from "./forget-records.ts";
import { forgetSessions } from "./forget-sessions.ts";
import { forgetWelcomes } from "./forget-welcomes.ts";
import { giveOrder } from "./give-order.ts";
import { grantFile } from "./grant-file.ts";
import { keepAnswer } from "./keep-answer.ts";
import { keepUpload } from "./keep-upload.ts";
import { moveInTopic } from "./move-in-topic.ts";
import { pruneAudit } from "./prune-audit.ts";
import { putApiKey } from "./put-api-key.ts";
import { putJob } from "./put-job.ts";
import { putKeyRows } from "./put-key-rows.ts";
import { putNode } from "./put-node.ts";
import { putRecord } from "./put-record.ts";
import { putSession } from "./put-session.ts";
import { putStream } from "./put-stream.ts";
import { putTopic } from "./put-topic.ts";
import { putVaultEntry } from "./put-vault-entry.ts";
import { putWelcome } from "./put-welcome.ts";
import { readNotifications } from "./read-notifications.ts";
import { readTopic } from "./read-topic.ts";
import { releaseLeases } from "./release-leases.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import { seenDevice } from "./seen-device.ts";
import { settleJob } from "./settle-job.ts";
import { shareFile } from "./share-file.ts";
import { usedApiKey } from "./used-api-key.ts";
import { wantKeys } from "./want-keys.ts";

/** Those on the path of every message are written per dialect. */
export type HotWrite = "ack" | "appendMessage";

/** The writes whose statements are every dialect's. */
export const commonWrites: { readonly [N in Exclude<WriteName, HotWrite>]: WriteFn<N> } = {
  appendAudit,
  appendGrants,
  appendProfile,
  appendRoster,
  beginFile,
  calledDevice,
  claimLease,
  countDownload,
  createMesh,
  deleteFile,
  deleteStream,
  deleteVaultEntry,
  deleteJob,
  endSession,
  expire,
  forgetAnswers,
  forgetFiles,
  forgetKeyRows,
  forgetKeys,
  forgetLeases,
  forgetNode,
  forgetNotifications,
  forgetOrders,
  forgetRecords,
  forgetSessions,
  forgetWelcomes,
  giveOrder,
  grantFile,
  keepAnswer,
  keepUpload,
  moveInTopic,
  pruneAudit,
  putApiKey,
  putJob,
  putKeyRows,
  putNode,
  putRecord,
  putSession,
  putStream,
  putTopic,
  putVaultEntry,
  putWelcome,
  readNotifications,
  readTopic,
  releaseLeases,
  revokeApiKey,
  seenDevice,
  settleJob,
  shareFile,
  usedApiKey,
  wantKeys,
};
