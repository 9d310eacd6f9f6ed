import { z } from "zod";
import { At } from "../bytes.ts";
import { op } from "../op.ts";

const Sealed = z.strictObject({
  path: z.string().min(1).max(4_096).describe("absolute path of the file"),
  passphrase: z.string().max(1_024).describe("passphrase of 12 or more characters"),
});

const Contained = z.object({
  path: z.string(),
  meshes: z.array(z.string()).describe("slugs of the meshes in it"),
  messages: z.int().describe("messages in it"),
});

export const create = op({
  name: "backup.create",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Write identity, keys and messages to an encrypted file",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["exists", "not_writable", "home_damaged"],
  open: {
    input: Sealed,
    output: Contained.extend({ bytes: z.int() }),
  },
});

export const restore = op({
  name: "backup.restore",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Bring identity, keys and messages back from a backup",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["exists", "not_found", "not_writable", "home_damaged", "in_use"],
  open: {
    input: Sealed.extend({
      replace: z.boolean().optional().describe("also where this home is in use"),
    }),
    output: Contained.extend({
      at: At.describe("when the backup was made"),
      aside: z.string().optional().describe("folder where what was here before is kept"),
    }),
  },
});
