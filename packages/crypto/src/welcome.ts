import {
  type InviteId,
  MeshError,
  type MeshId,
  parse,
  Welcome,
  type WelcomeBlob,
} from "@claudemesh/protocol";
import { domains, statementBytes } from "./domain.ts";
import { fromBase64, fromUtf8, toBase64, utf8 } from "./encoding.ts";
import { jcs } from "./jcs.ts";
import type { RandomSource } from "./random.ts";
import { sodium } from "./sodium.ts";

const nonceBytes = 24;

/** What a welcome blob is sealed under: the invite's symmetric key, with mesh and invite as associated data. */
export interface WelcomeSeal {
  readonly mesh: MeshId;
  readonly invite: InviteId;
  readonly key: Uint8Array;
}

const associatedData = ({ mesh, invite }: WelcomeSeal): Uint8Array =>
  statementBytes(domains.welcome, { mesh, invite });

/** Seals a welcome with XChaCha20-Poly1305-IETF: a 24-byte random nonce, then the ciphertext. Throws `malformed` on what is no welcome. */
export function sealWelcome(
  welcome: Welcome,
  seal: WelcomeSeal,
  random: RandomSource,
): WelcomeBlob {
  const plaintext = utf8(jcs(parse(Welcome, welcome, "welcome")));
  const nonce = random(nonceBytes);
  const ciphertext = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    plaintext,
    associatedData(seal),
    null,
    nonce,
    seal.key,
  );
  const blob = new Uint8Array(nonceBytes + ciphertext.length);
  blob.set(nonce);
  blob.set(ciphertext, nonceBytes);
  return toBase64(blob) as WelcomeBlob;
}

/** Opens a welcome blob. Throws `bad_signature` when it does not open for this invite and mesh, `malformed` when what is inside is no welcome of that mesh. */
export function openWelcome(blob: WelcomeBlob, seal: WelcomeSeal): Welcome {
  const plaintext = openBlob(fromBase64(blob, "welcome blob"), seal);
  let inner: unknown;
  try {
    inner = JSON.parse(fromUtf8(plaintext));
  } catch {
    throw new MeshError("malformed", "the opened welcome is not JSON");
  }
  const welcome = parse(Welcome, inner, "welcome");
  if (welcome.mesh !== seal.mesh) {
    throw new MeshError("malformed", "mesh: the welcome is for another mesh");
  }
  return welcome;
}

function openBlob(blob: Uint8Array, seal: WelcomeSeal): Uint8Array {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      blob.subarray(nonceBytes),
      associatedData(seal),
      blob.subarray(0, nonceBytes),
      seal.key,
    );
  } catch {
    throw new MeshError("bad_signature", "the welcome blob does not open with this invite");
  }
}
