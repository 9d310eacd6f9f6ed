import type { WriteFn, WriteName } from "../write-context.ts";
import { ack } from "./ack.ts";
import { appendMessage } from "./append-message.ts";
import { appendProfile } from "./append-profile.ts";
import { appendRoster } from "./append-roster.ts";
import { createMesh } from "./create-mesh.ts";
import { expire } from "./expire.ts";
import { forgetKeys } from "./forget-keys.ts";
import { forgetWelcomes } from "./forget-welcomes.ts";
import { putWelcome } from "./put-welcome.ts";
import { seenDevice } from "./seen-device.ts";

/** Every write that the port names; a missing one does not compile. */
export const writes: { readonly [N in WriteName]: WriteFn<N> } = {
  ack,
  appendMessage,
  appendProfile,
  appendRoster,
  createMesh,
  expire,
  forgetKeys,
  forgetWelcomes,
  putWelcome,
  seenDevice,
};
