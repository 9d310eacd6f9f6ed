import { z } from "zod";
import { At, bytes, bytesUpTo } from "../bytes.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { LinkCode } from "../shapes/device.ts";

const Token = bytes(16, "mailbox token").describe("what says which side of the mailbox one is");
const Part = z.int().min(0).max(limits.mailboxParts).describe("number of the part, from 0");
const Data = bytesUpTo(limits.mailboxPartBytes, "part").describe("what the other side is to get");
const Opened = z.object({ token: Token, expiresAt: At });

/** The mailbox of a device link: two sides leave each other numbered parts, which the broker neither reads nor keeps. */
export const open = op({
  name: "mailbox.open",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "join",
  summary: "Open a mailbox for two devices of one person",
  input: z.strictObject({}),
  output: Opened.extend({ code: LinkCode }),
  errors: [],
});

export const enter = op({
  name: "mailbox.enter",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "join",
  summary: "Enter a mailbox as its second side",
  input: z.strictObject({ code: LinkCode }),
  output: Opened,
  errors: ["conflict", "expired", "not_found"],
});

export const put = op({
  name: "mailbox.put",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "read",
  summary: "Leave a part for the other side of a mailbox",
  input: z.strictObject({ token: Token, part: Part, data: Data }),
  output: z.object({
    kept: z.boolean().describe("false while the other side has too much to take"),
  }),
  errors: ["cancelled", "conflict", "expired", "not_found"],
});

export const take = op({
  name: "mailbox.take",
  kind: "query",
  since: 1,
  scope: "public",
  limit: "read",
  summary: "Take the other side's next part out of a mailbox",
  input: z.strictObject({
    token: Token,
    part: Part.describe("the part that is wanted; those before it are let go"),
    waitMs: z.int().min(0).max(limits.mailboxWaitMs).describe("how long to wait for it"),
  }),
  output: z.object({ data: Data.optional() }),
  errors: ["cancelled", "conflict", "expired", "not_found"],
});

export const close = op({
  name: "mailbox.close",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "read",
  summary: "End a mailbox for both sides",
  input: z.strictObject({ token: Token }),
  output: z.object({}),
  errors: [],
});
