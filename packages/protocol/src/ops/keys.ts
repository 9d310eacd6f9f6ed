import { z } from "zod";
import { Hash } from "../bytes.ts";
import { MemberId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { KeyBundleRow } from "../statements/key-bundle.ts";

const Commitments = z
  .array(Hash)
  .min(1)
  .max(limits.keyRows)
  .describe("commitments of the keys that are meant");

export const list = op({
  name: "keys.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "Read the key rows that are sealed to the caller",
  input: z.strictObject({ commitments: Commitments }),
  output: z.object({ items: z.array(KeyBundleRow) }),
  errors: [],
});

export const put = op({
  name: "keys.put",
  kind: "command",
  since: 1,
  scope: "member",
  // Whole meshes wait for a bundle; calls are bounded in size, and rows that no entry begins are forgotten.
  limit: "none",
  audit: true,
  key: { needs: "send", reach: "mesh" },
  summary: "Leave key rows for other members with the broker",
  input: z.strictObject({ rows: z.array(KeyBundleRow).min(1).max(limits.keyRows) }),
  output: z.object({ kept: z.int().describe("rows that were not there yet") }),
  errors: [],
});

export const want = op({
  name: "keys.want",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "mesh" },
  summary: "Ask the other members for keys that the caller lacks",
  input: z.strictObject({ commitments: Commitments }),
  output: z.object({
    asked: z.array(MemberId).describe("members who are connected and were told"),
  }),
  errors: [],
});

export const wanted = op({
  name: "keys.wanted",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "Read which members wait for keys",
  input: z.strictObject({}),
  output: z.object({ items: z.array(z.object({ member: MemberId, commitment: Hash })) }),
  errors: [],
});
