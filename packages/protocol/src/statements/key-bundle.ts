import { z } from "zod";
import { bytes, Hash, Signature, SignKey } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";

/** One row of a key bundle: a mesh or topic key sealed to one member. The commitment says which key; `author` is the signing key of who sealed it. */
export const KeyBundleRow = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    commitment: Hash.describe("commitment to the sealed key"),
    recipient: MemberId,
    sealed: bytes(80, "sealed key").describe("crypto_box_seal of the 32 bytes of the key"),
    author: SignKey,
    sig: Signature,
  })
  .meta({ id: "KeyBundleRow" });
export type KeyBundleRow = z.infer<typeof KeyBundleRow>;
