import { z } from "zod";
import { MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { RosterEntry, RosterHead } from "../statements/roster.ts";

export const append = op({
  name: "roster.append",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Append a signed entry about keys",
  input: z.strictObject({ entry: RosterEntry }),
  output: z.object({ head: RosterHead }),
  errors: [
    "already_member",
    "clock_skew",
    "conflict",
    "exists",
    "not_found",
    "revoked",
    "roster_conflict",
  ],
});

export const list = op({
  name: "roster.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "Read the signed chain of who is in the mesh",
  input: z.strictObject({
    after: z.int().min(-1).describe("the last roster seq that the caller has"),
  }),
  output: z.object({ items: z.array(RosterEntry).max(limits.rosterPage), head: RosterHead }),
  errors: [],
});

export const repeat = op({
  name: "roster.repeat",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "join",
  audit: true,
  summary: "Bring back entries that a restored roster lacks",
  input: z.strictObject({
    mesh: MeshId,
    entries: z.array(RosterEntry).min(1).max(limits.rosterRepeat),
  }),
  output: z.object({ head: RosterHead, added: z.int().describe("entries that were not there") }),
  errors: [
    "already_member",
    "conflict",
    "exhausted",
    "exists",
    "not_found",
    "revoked",
    "roster_conflict",
    "roster_fork",
  ],
});
