import {
  InviteCode,
  type InviteId,
  MeshError,
  type MeshId,
  parse,
  type SignKey,
  type Welcome,
  type WelcomeBlob,
} from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import { inviteIdOf } from "./invite-proof.ts";
import type { RandomSource } from "./random.ts";
import { Signer } from "./signature.ts";
import { openWelcome, sealWelcome } from "./welcome.ts";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const codeLength = 16;
/** Bytes from here on would favour the first characters of the alphabet. */
const firstBiased = 256 - (256 % alphabet.length);
const maxDraws = 64;

/** Draws an invite code: 16 base62 characters, each equally likely. Throws `internal` when `random` is plainly broken. */
export function createInviteCode(random: RandomSource): InviteCode {
  let code = "";
  for (let draw = 0; draw < maxDraws; draw++) {
    for (const byte of random(codeLength)) {
      if (byte < firstBiased) code += alphabet[byte % alphabet.length];
      if (code.length === codeLength) return code;
    }
  }
  throw new MeshError("internal", "the random source gives no usable bytes");
}

/** What an invite code stands for. The symmetric key and the code itself cannot be read back, printed or serialized. */
export class InviteSecret {
  readonly #welcomeKey: Uint8Array;
  readonly id: InviteId;
  readonly signer: Signer;
  readonly key: SignKey;

  constructor(code: InviteCode) {
    const secret = utf8(parse(InviteCode, code, "invite code"));
    const salt = utf8(domains.inviteCode);
    this.signer = new Signer(hkdf({ secret, salt, info: utf8("sign") }));
    this.#welcomeKey = hkdf({ secret, salt, info: utf8("seal") });
    this.key = this.signer.key;
    this.id = inviteIdOf(this.key);
  }

  /** Seals the welcome blob that the broker keeps for joiners (see `sealWelcome`). */
  seal(welcome: Welcome, random: RandomSource): WelcomeBlob {
    return sealWelcome(welcome, this.#bound(welcome.mesh), random);
  }

  /** Opens a welcome blob for the mesh whose chain the joiner has verified (see `openWelcome`). */
  open(blob: WelcomeBlob, mesh: MeshId): Welcome {
    return openWelcome(blob, this.#bound(mesh));
  }

  #bound(mesh: MeshId) {
    return { mesh, invite: this.id, key: this.#welcomeKey };
  }

  toJSON(): string {
    return "[invite secret]";
  }
}

/** The keys of an invite, by HKDF (RFC 5869) from its code. Throws `malformed` on what is no code. */
export const inviteSecret = (code: InviteCode): InviteSecret => new InviteSecret(code);
