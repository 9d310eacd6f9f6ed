import { z } from "zod";
import { At, Hash, Signature, SignKey } from "../bytes.ts";
import { MemberId, MeshId } from "../ids.ts";

/** What a secret is called: a letter or `_`, then letters, digits, `_`, `.` or `-`, so that it can be a variable's name. */
export const VaultKey = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/,
    "expected a letter or _, then at most 99 letters, digits, _, . or -",
  )
  .describe("name of the secret");
export type VaultKey = z.infer<typeof VaultKey>;

/** Whether a secret becomes a variable of a service's environment or a file. */
export const VaultType = z.enum(["env", "file"]).describe("env: a variable; file: a file at mount");
export type VaultType = z.infer<typeof VaultType>;

/** Where a secret of type `file` is written. */
export const MountPath = z
  .string()
  .max(512)
  .regex(
    /^(\/(?!\.{1,2}(\/|$))[^/\p{Cc}]+)+$/u,
    "expected an absolute path without empty parts, . and ..",
  )
  .describe("absolute path of the file, with type file");

/** One version of a secret of a member's vault, without its value: signed by the owner, so that nobody else's value passes for it. */
export const VaultEntry = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    member: MemberId,
    key: VaultKey,
    type: VaultType,
    mount: MountPath.optional(),
    version: z.int().min(1).describe("grows with each value, and where it is sealed to new keys"),
    setAt: At.describe("when the value was given"),
    sealed: Hash.describe("SHA-256 of the ciphertext"),
    author: SignKey,
    at: At,
    sig: Signature,
  })
  .meta({ id: "VaultEntry" });
export type VaultEntry = z.infer<typeof VaultEntry>;
