import type { Receipt, SignKey } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";

export type ReceiptFields = Omit<Receipt, "v" | "sig">;

/** Signs what became of messages with the recipient's member key. */
export const signReceipt = (fields: ReceiptFields, signer: Signer): Receipt =>
  signStatement(domains.receipt, { v: 1 as const, ...fields }, signer);

/** Throws `bad_signature` unless `key`, the recipient's member key, signed the receipt. */
export const verifyReceipt = (receipt: Receipt, key: SignKey): void =>
  requireSigned(domains.receipt, receipt, key, "receipt");
