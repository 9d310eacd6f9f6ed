import { z } from "zod";
import { SignKey } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { AuditHead, AuditRow } from "../statements/audit.ts";

const after = z.coerce.number().int().min(0).describe("only rows with a higher seq");
const atMost = z.coerce.number().int().min(1).max(limits.auditPage).describe("at most so many");

/** A row with the names that this home shows for the members in it. */
const NamedRow = AuditRow.extend({
  byName: z.string().optional().describe("who asked for it, as this home names them"),
  aboutName: z.string().optional().describe("whom it concerns, as this home names them"),
});
const Fault = z.object({
  seq: z.int().describe("first row that does not hold"),
  why: z.string(),
});
const nothing = { input: z.strictObject({}), output: z.object({}) };

export const list = op({
  name: "audit.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  needs: "settings",
  summary: "List who changed what in a mesh",
  input: z.strictObject({
    after: after.default(0),
    limit: atMost,
    waitMs: z.int().min(0).max(limits.auditWaitMs).optional().describe("wait so long for a row"),
  }),
  output: z.object({
    items: z.array(AuditRow),
    anchor: AuditHead.optional().describe("the last row that is not kept any more"),
    head: AuditHead.describe("where the chain ended when this was answered"),
  }),
  errors: [],
  open: {
    input: MeshTarget.extend({
      after: after.optional(),
      limit: atMost.default(50),
    }),
    output: z.object({
      items: z.array(NamedRow),
      anchor: AuditHead.optional(),
      head: AuditHead,
    }),
  },
  cli: {},
});

export const tail = op({
  name: "audit.tail",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show the last changes of a mesh, then each new one as it comes",
  ...nothing,
  errors: [],
  open: {
    input: MeshTarget.extend({
      after: after.optional(),
      limit: atMost.default(20),
      wait: Duration.optional().describe("wait this long for the next one, such as 30s"),
    }),
    output: z.object({
      items: z.array(NamedRow),
      seq: z.int().describe("what to give as `after` for what comes next"),
    }),
  },
  cli: { live: true },
});

export const verify = op({
  name: "audit.verify",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Check the audit chain of a mesh, and that it only grew",
  ...nothing,
  errors: [],
  open: {
    input: MeshTarget.extend({
      accept: z.boolean().default(false).describe("go on from this chain, after a restore"),
    }),
    output: z.object({
      valid: z.boolean(),
      first: Fault.optional().describe("where it breaks, unless it is valid"),
      rows: z.int().describe("rows that were checked"),
      from: z.int().describe("row before the first one that is kept"),
      head: AuditHead,
      key: SignKey.describe("the broker's key for its heads"),
      seen: z.int().optional().describe("last row that this home had checked before"),
    }),
  },
  cli: { failsAs: "log_mismatch" },
});
