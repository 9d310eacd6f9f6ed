import { z } from "zod";
import { MemberId, MeshId } from "../ids.ts";
import { op } from "../op.ts";
import { CapabilityList } from "../shapes/grant.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Capability, capabilities, Grants } from "../statements/grants.ts";

const InMesh = z.object({ id: MeshId, slug: z.string() });
const nothing = z.strictObject({});
const peer = z.string().min(1).max(200).describe("name, or key prefix of 8 or more hex digits");

const Allowed = z.object({
  mesh: InMesh,
  member: MemberId,
  name: z.string(),
  capabilities: z.array(Capability),
  blocked: z.boolean(),
});

export const block = op({
  name: "grant.block",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Block a peer: nothing that it sends reaches you",
  input: nothing,
  output: z.object({}),
  errors: ["no_recipient", "ambiguous", "conflict"],
  open: { input: MeshTarget.extend({ peer }), output: Allowed },
  cli: { args: ["peer"], alias: ["block"] },
});

export const list = op({
  name: "grant.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "admin", reach: "mesh" },
  summary: "List what peers may do to you",
  input: nothing,
  output: z.object({ grants: Grants.optional().describe("the caller's own statement") }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(Allowed),
      defaults: z.array(Capability).optional().describe("for whom no rule names"),
    }),
  },
  cli: { alias: ["grants"] },
});

export const revoke = op({
  name: "grant.revoke",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Take back what a peer may do to you",
  input: nothing,
  output: z.object({}),
  errors: ["no_recipient", "ambiguous", "conflict"],
  open: {
    input: MeshTarget.extend({
      peer,
      capabilities: CapabilityList.describe("capabilities to take back"),
    }),
    output: Allowed,
  },
  cli: { args: ["peer", "capabilities..."], alias: ["revoke"] },
});

export const set = op({
  name: "grant.set",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Allow a peer more than it may do to you now",
  input: z.strictObject({ grants: Grants }),
  output: z.object({ member: MemberId, version: z.int() }),
  errors: ["no_recipient", "ambiguous", "clock_skew", "conflict"],
  open: {
    input: MeshTarget.extend({
      peer,
      capabilities: CapabilityList.describe(`capabilities: ${capabilities.join(", ")}`),
    }),
    output: Allowed,
  },
  cli: { args: ["peer", "capabilities..."], alias: ["grant"] },
});

export const unblock = op({
  name: "grant.unblock",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Lift a block: your defaults hold for the peer again",
  input: nothing,
  output: z.object({}),
  errors: ["no_recipient", "ambiguous", "conflict"],
  open: { input: MeshTarget.extend({ peer }), output: Allowed },
  cli: { args: ["peer"], alias: ["unblock"] },
});
