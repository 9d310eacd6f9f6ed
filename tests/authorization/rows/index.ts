import type { Rows } from "../row.ts";
import { apikeyRows } from "./apikey.ts";
import { auditRows } from "./audit.ts";
import { callRows } from "./call.ts";
import { contextRows } from "./context.ts";
import { deviceRows } from "./device.ts";
import { fileRows, peerfileRows } from "./file.ts";
import { inviteRows } from "./invite.ts";
import { jobRows } from "./job.ts";
import { keyRows } from "./keys.ts";
import { memberRows } from "./member.ts";
import { memoryRows } from "./memory.ts";
import { meshRows } from "./mesh.ts";
import { messageRows } from "./message.ts";
import { notificationRows } from "./notification.ts";
import { sessionRows } from "./session.ts";
import { skillRows } from "./skill.ts";
import { stateRows } from "./state.ts";
import { streamRows } from "./stream.ts";
import { taskRows } from "./task.ts";
import { topicRows } from "./topic.ts";
import { vaultRows } from "./vault.ts";

/** Every operation of the wire, with who may ask for it and how; a new one gets its rows in the file of its noun. */
export const rows: Rows = {
  ...apikeyRows,
  ...auditRows,
  ...callRows,
  ...contextRows,
  ...deviceRows,
  ...fileRows,
  ...inviteRows,
  ...jobRows,
  ...keyRows,
  ...memberRows,
  ...memoryRows,
  ...meshRows,
  ...messageRows,
  ...notificationRows,
  ...peerfileRows,
  ...sessionRows,
  ...stateRows,
  ...taskRows,
  ...topicRows,
  ...skillRows,
  ...streamRows,
  ...vaultRows,
};
