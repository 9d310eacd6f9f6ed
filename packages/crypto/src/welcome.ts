import { MeshError, parse, Welcome, type WelcomeBlob } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { type BlobKind, type InviteSeal, openInviteBlob, sealInviteBlob } from "./invite-blob.ts";
import type { RandomSource } from "./random.ts";

const kind: BlobKind = { domain: domains.welcome, what: "welcome" };

/** Seals a welcome under the invite's symmetric key. Throws `malformed` on what is no welcome. */
export const sealWelcome = (
  welcome: Welcome,
  seal: InviteSeal,
  random: RandomSource,
): WelcomeBlob =>
  sealInviteBlob(kind, parse(Welcome, welcome, "welcome"), seal, random) as WelcomeBlob;

/** Opens a welcome blob. Throws `bad_signature` when it does not open for this invite and mesh, `malformed` when what is inside is no welcome of that mesh. */
export function openWelcome(blob: WelcomeBlob, seal: InviteSeal): Welcome {
  const welcome = parse(Welcome, openInviteBlob(kind, blob, seal), "welcome");
  if (welcome.mesh !== seal.mesh) {
    throw new MeshError("malformed", "mesh: the welcome is for another mesh");
  }
  return welcome;
}
