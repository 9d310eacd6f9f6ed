import {
  type DeviceId,
  type Hash,
  MeshError,
  type MeshId,
  type RecordId,
  type RecordSigned,
} from "@claudemesh/protocol";
import { domains, hashStatement } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import { isSignedBy, type Signer } from "./signature.ts";

/** One write of shared data: the operation and its input, as its author meant them for one mesh. */
export interface RecordWrite {
  readonly mesh: MeshId;
  readonly op: string;
  /** the wire's input, without the signature */
  readonly input: Readonly<Record<string, unknown>>;
}

const statement = (
  { mesh, op, input }: RecordWrite,
  { id, device, at, author }: Omit<RecordSigned, "sig">,
): JsonValue => ({ v: 1, mesh, op, input: input as JsonValue, id, device, at, author });

/** Signs a write of shared data. */
export function signRecord(
  write: RecordWrite,
  by: { readonly id: RecordId; readonly device: DeviceId; readonly at: number },
  signer: Signer,
): RecordSigned {
  const head = { id: by.id, device: by.device, at: by.at, author: signer.key };
  return { ...head, sig: signer.sign(domains.record, statement(write, head)) };
}

/** Throws `bad_signature` unless the author named in it signed this very write. Whose key that is, is the caller's to look up. */
export function verifyRecord(write: RecordWrite, signed: RecordSigned): void {
  if (isSignedBy(signed.author, domains.record, statement(write, signed), signed.sig)) return;
  throw new MeshError("bad_signature", "signed: the signature of the write does not verify");
}

/** By which a repeat of a write is known, also where its author signed it anew: with newer keys, or from the device to which its home was restored. */
export const recordHash = ({ mesh, op, input }: RecordWrite, id: RecordId): Hash =>
  hashStatement(domains.record, { v: 1, mesh, op, input: input as JsonValue, id });
