import { z } from "zod";
import { At, Hash, Signature, SignKey } from "../bytes.ts";
import { DeviceId, MemberId, MeshId } from "../ids.ts";

/** Who asked for a change, as the broker knew the caller. */
export const AuditCaller = z.strictObject({
  member: MemberId.optional(),
  device: DeviceId.optional(),
  apiKey: z.string().max(100).optional().describe("id of the API key"),
});
export type AuditCaller = z.infer<typeof AuditCaller>;

const AuditFields = {
  v: z.literal(1),
  mesh: MeshId,
  seq: z.int().min(1).describe("place in the mesh's chain"),
  at: At,
  act: z.string().max(60).describe("what was changed, such as roster.join"),
  op: z.string().max(60).optional().describe("operation that was called for it"),
  by: AuditCaller.optional(),
  about: z.string().max(120).optional().describe("whom or what it concerns, by id"),
  ref: Hash.optional().describe("hash of the signed statement that was taken in"),
  prev: Hash.or(z.literal("")).describe("hash of the row before; empty in the first"),
};

/** One change of a mesh as the broker recorded it; `hash` covers everything else in canonical JSON. Never what a message says. */
export const AuditRow = z.strictObject({ ...AuditFields, hash: Hash }).meta({ id: "AuditRow" });
export type AuditRow = z.infer<typeof AuditRow>;

/** The broker's signed word that a mesh's chain had this row at this place: where it ended (`head`), or up to where it is not kept any more (`anchor`). */
export const AuditHead = z
  .strictObject({
    v: z.literal(1),
    kind: z.enum(["head", "anchor"]),
    mesh: MeshId,
    seq: z.int().min(0),
    hash: Hash.or(z.literal("")).describe("hash of that row; empty before the first"),
    at: At,
    key: SignKey,
    sig: Signature,
  })
  .meta({ id: "AuditHead" });
export type AuditHead = z.infer<typeof AuditHead>;
