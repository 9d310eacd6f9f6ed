import type { WriteFn, WriteName } from "../writing/write-context.ts";
import { appendAudit } from "./append-audit.ts";
import { appendGrants } from "./append-grants.ts";
import { appendProfile } from "./append-profile.ts";
import { appendRoster } from "./append-roster.ts";
import { calledDevice } from "./called-device.ts";
import { claimLease } from "./claim-lease.ts";
import { createMesh } from "./create-mesh.ts";
import { endSession } from "./end-session.ts";
import { expire } from "./expire.ts";
import { forgetAnswers } from "./forget-answers.ts";
import { forgetKeyRows } from "./forget-key-rows.ts";
import { forgetKeys } from "./forget-keys.ts";
import { forgetLeases } from "./forget-leases.ts";
import { forgetSessions } from "./forget-sessions.ts";
import { forgetWelcomes } from "./forget-welcomes.ts";
import { keepAnswer } from "./keep-answer.ts";
import { moveInTopic } from "./move-in-topic.ts";
import { pruneAudit } from "./prune-audit.ts";
import { putApiKey } from "./put-api-key.ts";
import { putKeyRows } from "./put-key-rows.ts";
import { putSession } from "./put-session.ts";
import { putTopic } from "./put-topic.ts";
import { putWelcome } from "./put-welcome.ts";
import { readTopic } from "./read-topic.ts";
import { releaseLeases } from "./release-leases.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import { seenDevice } from "./seen-device.ts";
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
  calledDevice,
  claimLease,
  createMesh,
  endSession,
  expire,
  forgetAnswers,
  forgetKeyRows,
  forgetKeys,
  forgetLeases,
  forgetSessions,
  forgetWelcomes,
  keepAnswer,
  moveInTopic,
  pruneAudit,
  putApiKey,
  putKeyRows,
  putSession,
  putTopic,
  putWelcome,
  readTopic,
  releaseLeases,
  revokeApiKey,
  seenDevice,
  usedApiKey,
  wantKeys,
};
