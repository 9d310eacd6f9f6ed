import type { WriteFn, WriteName } from "../write-context.ts";
import { ack } from "./ack.ts";
import { appendMessage } from "./append-message.ts";
import { appendProfile } from "./append-profile.ts";
import { appendRoster } from "./append-roster.ts";
import { claimLease } from "./claim-lease.ts";
import { createMesh } from "./create-mesh.ts";
import { endSession } from "./end-session.ts";
import { expire } from "./expire.ts";
import { forgetKeys } from "./forget-keys.ts";
import { forgetLeases } from "./forget-leases.ts";
import { forgetSessions } from "./forget-sessions.ts";
import { forgetWelcomes } from "./forget-welcomes.ts";
import { putSession } from "./put-session.ts";
import { putWelcome } from "./put-welcome.ts";
import { releaseLeases } from "./release-leases.ts";
import { seenDevice } from "./seen-device.ts";

/** Every write that the port names; a missing one does not compile. */
export const writes: { readonly [N in WriteName]: WriteFn<N> } = {
  ack,
  appendMessage,
  appendProfile,
  appendRoster,
  claimLease,
  createMesh,
  endSession,
  expire,
  forgetKeys,
  forgetLeases,
  forgetSessions,
  forgetWelcomes,
  putSession,
  putWelcome,
  releaseLeases,
  seenDevice,
};
