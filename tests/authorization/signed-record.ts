import { newRecordId, signRecord, systemRandom } from "@claudemesh/crypto";
import type { WireOpName } from "@claudemesh/protocol";
import type { Person } from "./world.ts";

/** The input of a write of shared data, signed by who asks. */
export function signedRecord({ member }: Person, op: WireOpName, input: Record<string, unknown>) {
  const { device, mesh, secret } = member;
  const by = { id: newRecordId(Date.now, systemRandom), device, at: Date.now() };
  return { ...input, signed: signRecord({ mesh, op, input }, by, secret.signer) };
}
