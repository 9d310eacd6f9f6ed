import { z } from "zod";
import { At } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";

const Alias = z.object({
  alias: z.string(),
  mesh: z.object({ id: MeshId, slug: z.string() }),
  member: MemberId,
  name: z.string().describe("the member's own display name"),
});

export const list = op({
  name: "alias.list",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List your own names for peers",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({ items: z.array(Alias.extend({ at: At })) }),
  },
  cli: { alias: ["alias"] },
});

export const set = op({
  name: "alias.set",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Give a peer a name of your own, known to this home only",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["no_recipient", "ambiguous", "not_found", "exists"],
  open: {
    input: MeshTarget.extend({
      alias: z
        .string()
        .trim()
        .min(1)
        .max(64)
        .regex(/^\s*[^\s#@*]/, "a name does not begin with #, @ or *")
        .describe("your name for the peer"),
      peer: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("name, or key prefix of 8 or more hex digits; without it the alias is removed"),
    }),
    output: Alias.extend({ removed: z.boolean() }),
  },
  cli: { args: ["alias", "peer"] },
});
