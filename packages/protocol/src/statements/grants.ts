import { z } from "zod";
import { At, Signature, SignKey } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";

/** What a peer may do to a member: see its presence, write to it alone, write to many that it is among, read and write its state, read its files. */
export const capabilities = [
  "read",
  "dm",
  "broadcast",
  "state-read",
  "state-write",
  "file-read",
] as const;
export const Capability = z.enum(capabilities);
export type Capability = z.infer<typeof Capability>;

/** What one may do, each capability once. */
export const Capabilities = z
  .array(Capability)
  .max(capabilities.length)
  .refine((all) => new Set(all).size === all.length, "a capability is there twice");

/** A member's signed word on what others may do to it: the highest version wins. A rule without capabilities blocks. */
export const Grants = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    member: MemberId,
    version: z.int().min(1),
    defaults: Capabilities.optional().describe(
      "for whom no rule names; without it the mesh's policy decides, then the role",
    ),
    rules: z
      .array(z.strictObject({ member: MemberId, capabilities: Capabilities }))
      .max(1_000)
      .refine(
        (all) => new Set(all.map(({ member }) => member)).size === all.length,
        "a member is named twice",
      ),
    author: SignKey,
    at: At,
    sig: Signature,
  })
  .meta({ id: "Grants" });
export type Grants = z.infer<typeof Grants>;
