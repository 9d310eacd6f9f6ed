import type { BackupContents, ErrorBody } from "@claudemesh/protocol";

/** What the sealing thread is asked for; `random` is what it may draw from. */
export type SealingWork =
  | {
      readonly does: "seal";
      readonly contents: BackupContents;
      readonly passphrase: string;
      readonly random: Uint8Array;
    }
  | { readonly does: "open"; readonly file: Uint8Array; readonly passphrase: string };

export type SealingAnswer =
  | { readonly file: Uint8Array }
  | { readonly contents: BackupContents }
  | { readonly error: ErrorBody };
