import { InviterHead, type InviterHeadBlob, MeshError, parse } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { type BlobKind, type InviteSeal, openInviteBlob, sealInviteBlob } from "./invite-blob.ts";
import type { RandomSource } from "./random.ts";

const kind: BlobKind = { domain: domains.inviterHead, what: "inviter's head" };

/** Seals up to where the inviter has verified the chain, for joiners to read before they join. Throws `malformed` on what is none. */
export const sealInviterHead = (
  head: InviterHead,
  seal: InviteSeal,
  random: RandomSource,
): InviterHeadBlob =>
  sealInviteBlob(kind, parse(InviterHead, head, "inviter's head"), seal, random) as InviterHeadBlob;

/** Opens it. Throws `bad_signature` when it does not open for this invite and mesh, `malformed` when what is inside is not about that mesh. */
export function openInviterHead(blob: InviterHeadBlob, seal: InviteSeal): InviterHead {
  const head = parse(InviterHead, openInviteBlob(kind, blob, seal), "inviter's head");
  if (head.mesh !== seal.mesh) {
    throw new MeshError("malformed", "mesh: the inviter's head is of another mesh");
  }
  return head;
}
