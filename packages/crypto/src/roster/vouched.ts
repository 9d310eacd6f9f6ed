import type { MeshId, RosterHead } from "@claudemesh/protocol";
import { domains } from "../domain.ts";
import { jcs } from "../jcs.ts";
import { mac, macEquals } from "../mac.ts";

/** A chain that was taken up on an inviter's word up to `head`, and is verified from genesis behind it. */
export interface Vouched {
  readonly head: RosterHead;
  /** up to where signatures and rules were verified by now */
  readonly done: RosterHead;
  /** the first entry that does not hold, and why */
  readonly failed?: { readonly seq: number; readonly why: string } | undefined;
}

/** What a home notes of it to itself. Good only under its own key; without a good one the chain is verified whole. */
export interface VouchedNote extends Vouched {
  readonly mac: string;
}

function macOf(key: Uint8Array, mesh: MeshId, { head, done, failed }: Vouched): string {
  const said = {
    mesh,
    head: { seq: head.seq, hash: head.hash },
    done: { seq: done.seq, hash: done.hash },
    ...(failed === undefined ? {} : { failed: { seq: failed.seq, why: failed.why } }),
  };
  return mac(key, `${domains.rosterVouched}\n${jcs(said)}`);
}

/** Notes how far a chain was verified that an inviter vouches for. */
export const vouchedNote = (key: Uint8Array, mesh: MeshId, vouched: Vouched): VouchedNote => ({
  ...vouched,
  mac: macOf(key, mesh, vouched),
});

/** Whether a note of this mesh was made under this key. */
export const isOwnVouched = (key: Uint8Array, mesh: MeshId, note: VouchedNote): boolean =>
  macEquals(note.mac, macOf(key, mesh, note));
