import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { MemberId, MeshId, MessageId } from "../ids.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";

const Match = z.object({
  id: MessageId,
  mesh: z.object({ id: MeshId, slug: z.string() }),
  direction: z.enum(["sent", "received"]),
  with: z
    .object({ member: MemberId.optional(), name: z.string() })
    .describe("its sender; of what was sent here, whom it went to"),
  audience: z.string().optional().describe("`*`, `@group` or `#topic`, where it went to many"),
  snippet: z.string().describe("the text around the first match, on one line"),
  createdAt: At,
});

export const messages = op({
  name: "search.messages",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Search what this home has sent and received",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["no_recipient", "ambiguous", "not_found", "cursor_invalid"],
  open: {
    input: MeshTarget.extend({
      text: z
        .string()
        .min(1)
        .max(1_000)
        .describe('words that must all occur; "a phrase" in quotes, and word* for its beginnings'),
      from: z.string().min(1).max(200).optional().describe("only of this peer; me for your own"),
      topic: z.string().min(1).max(60).optional().describe("only posts of this topic"),
      since: Duration.optional().describe("only those of this long, such as 7d"),
      limit: z.int().min(1).max(100).default(20).describe("at most so many"),
      cursor: z.string().max(60).optional().describe("where the last answer ended"),
    }),
    output: z.object({
      items: z.array(Match),
      cursor: z.string().optional().describe("there is more: give it to go on"),
    }),
  },
  cli: { args: ["text..."], alias: ["search"] },
});
