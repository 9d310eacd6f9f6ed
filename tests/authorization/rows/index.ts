import type { Rows } from "../row.ts";
import { apikeyRows } from "./apikey.ts";
import { auditRows } from "./audit.ts";
import { deviceRows } from "./device.ts";
import { inviteRows } from "./invite.ts";
import { keyRows } from "./keys.ts";
import { memberRows } from "./member.ts";
import { meshRows } from "./mesh.ts";
import { messageRows } from "./message.ts";
import { sessionRows } from "./session.ts";
import { topicRows } from "./topic.ts";

/** Every operation of the wire, with who may ask for it and how; a new one gets its rows in the file of its noun. */
export const rows: Rows = {
  ...apikeyRows,
  ...auditRows,
  ...deviceRows,
  ...inviteRows,
  ...keyRows,
  ...memberRows,
  ...meshRows,
  ...messageRows,
  ...sessionRows,
  ...topicRows,
};
