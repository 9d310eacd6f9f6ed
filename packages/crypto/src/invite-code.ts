import {
  InviteCode,
  type InviteId,
  type InviterHead,
  type InviterHeadBlob,
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
import { openInviterHead, sealInviterHead } from "./inviter-head.ts";
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

/** What an invite code stands for. The symmetric keys and the code itself cannot be read back, printed or serialized. */
export class InviteSecret {
  readonly #welcomeKey: Uint8Array;
  readonly #headKey: Uint8Array;
  readonly id: InviteId;
  readonly signer: Signer;
  readonly key: SignKey;

  constructor(code: InviteCode) {
    const secret = utf8(parse(InviteCode, code, "invite code"));
    const salt = utf8(domains.inviteCode);
    this.signer = new Signer(hkdf({ secret, salt, info: utf8("sign") }));
    this.#welcomeKey = hkdf({ secret, salt, info: utf8("seal") });
    this.#headKey = hkdf({ secret, salt, info: utf8("head") });
    this.key = this.signer.key;
    this.id = inviteIdOf(this.key);
  }

  /** Seals the welcome blob that the broker keeps for joiners (see `sealWelcome`). */
  seal(welcome: Welcome, random: RandomSource): WelcomeBlob {
    return sealWelcome(welcome, this.#sealOf(welcome.mesh, this.#welcomeKey), random);
  }

  /** Opens a welcome blob for the mesh whose chain the joiner has verified (see `openWelcome`). */
  open(blob: WelcomeBlob, mesh: MeshId): Welcome {
    return openWelcome(blob, this.#sealOf(mesh, this.#welcomeKey));
  }

  /** Seals the inviter's head, which the broker gives to whoever asks for the chain with this invite (see `sealInviterHead`). */
  sealHead(head: InviterHead, random: RandomSource): InviterHeadBlob {
    return sealInviterHead(head, this.#sealOf(head.mesh, this.#headKey), random);
  }

  /** Opens it for the mesh that the broker names for this invite (see `openInviterHead`). */
  openHead(blob: InviterHeadBlob, mesh: MeshId): InviterHead {
    return openInviterHead(blob, this.#sealOf(mesh, this.#headKey));
  }

  #sealOf(mesh: MeshId, key: Uint8Array) {
    return { mesh, invite: this.id, key };
  }

  toJSON(): string {
    return "[invite secret]";
  }
}

/** The keys of an invite, by HKDF (RFC 5869) from its code. Throws `malformed` on what is no code. */
export const inviteSecret = (code: InviteCode): InviteSecret => new InviteSecret(code);
