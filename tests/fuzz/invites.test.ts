import {
  inviteIdOf,
  inviteSecret,
  openWelcome,
  parseInvite,
  ready,
  toBase64,
} from "@claudemesh/crypto";
import { type InviteCode, limits, type MeshId, parse, WelcomeBlob } from "@claudemesh/protocol";
import { domains, statementBytes } from "../../packages/crypto/src/domain.ts";
import { sodium } from "../../packages/crypto/src/sodium.ts";
import { fuzz } from "./hunt.ts";
import { jsonLike, textsLike } from "./inputs.ts";
import { vectors } from "./vectors.ts";

await ready();

const { accepted, failures } = vectors<{
  accepted: { text: string }[];
  failures: { text: string }[];
}>("invite-code");

fuzz({
  name: "the invite",
  inputs: textsLike([...accepted, ...failures].map(({ text }) => text)),
  parse: parseInvite,
});

const [given] = vectors<{
  cases: [{ code: InviteCode; mesh: MeshId; keyHex: string; welcome: unknown; blob: string }];
}>("welcome").cases;
const secret = inviteSecret(given.code);

fuzz({
  name: "the welcome blob",
  inputs: textsLike([given.blob]),
  parse: (text) => secret.open(parse(WelcomeBlob, text, "welcome"), given.mesh),
});

/** Whatever a holder of the invite may have sealed: texts like a welcome's, under the right key. */
const { mesh } = given;
const invite = inviteIdOf(secret.key);
const key = Uint8Array.from(Buffer.from(given.keyHex, "hex"));
const bound = statementBytes(domains.welcome, { mesh, invite });
const nonce = new Uint8Array(24);
const inner = jsonLike([given.welcome]);
fuzz({
  name: "what an inviter sealed",
  // No longer than what is refused: what it takes to make one does not count.
  inputs: (numbers) => Buffer.from(inner(numbers)).subarray(0, limits.welcomeBytes + 100),
  parse: (plaintext) => {
    const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
      ...([plaintext, bound, null, nonce, key] as const),
    );
    const blob = parse(WelcomeBlob, toBase64(Buffer.concat([nonce, sealed])), "welcome");
    return openWelcome(blob, { mesh, invite, key });
  },
});
