import type { WriteFn, WriteName } from "../write-context.ts";
import { ack } from "./ack.ts";
import { appendGrants } from "./append-grants.ts";
import { appendMessage } from "./append-message.ts";
import { appendProfile } from "./append-profile.ts";
import { appendRoster } from "./append-roster.ts";
import { claimLease } from "./claim-lease.ts";
import { createMesh } from "./create-mesh.ts";
import { endSession } from "./end-session.ts";
import { expire } from "./expire.ts";
import { forgetKeyRows } from "./forget-key-rows.ts";
import { forgetKeys } from "./forget-keys.ts";
import { forgetLeases } from "./forget-leases.ts";
import { forgetSessions } from "./forget-sessions.ts";
import { forgetWelcomes } from "./forget-welcomes.ts";
import { moveInTopic } from "./move-in-topic.ts";
import { putKeyRows } from "./put-key-rows.ts";
import { putSession } from "./put-session.ts";
import { putTopic } from "./put-topic.ts";
import { putWelcome } from "./put-welcome.ts";
import { readTopic } from "./read-topic.ts";
import { releaseLeases } from "./release-leases.ts";
import { seenDevice } from "./seen-device.ts";
import { wantKeys } from "./want-keys.ts";

/** Every write that the port names; a missing one does not compile. */
export const writes: { readonly [N in WriteName]: WriteFn<N> } = {
  ack,
  appendGrants,
  appendMessage,
  appendProfile,
  appendRoster,
  claimLease,
  createMesh,
  endSession,
  expire,
  forgetKeyRows,
  forgetKeys,
  forgetLeases,
  forgetSessions,
  forgetWelcomes,
  moveInTopic,
  putKeyRows,
  putSession,
  putTopic,
  putWelcome,
  readTopic,
  releaseLeases,
  seenDevice,
  wantKeys,
};
