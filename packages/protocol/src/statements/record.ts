import { z } from "zod";
import { At, Signature, SignKey } from "../bytes.ts";
import { DeviceId, RecordId } from "../ids.ts";

/**
 * A member's signature over one write of shared data: over the mesh, the operation, its input without this field, and what stands here. A program with an API key has
 * none, and leaves it out.
 */
export const RecordSigned = z
  .strictObject({ id: RecordId, device: DeviceId, at: At, author: SignKey, sig: Signature })
  .meta({ id: "RecordSigned" })
  .describe("the member's signature over the operation and its input; API keys leave it out");
export type RecordSigned = z.infer<typeof RecordSigned>;
