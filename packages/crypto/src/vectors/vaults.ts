import { domains, hashBytes, statementBytes } from "../domain.ts";
import { fromBase64, fromUtf8, toBase64, toHex } from "../encoding.ts";
import type { JsonValue } from "../jcs.ts";
import { sealTo } from "../opener.ts";
import { sealSecret, type VaultStatement } from "../seal-vault.ts";
import { signStatement } from "../signature.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";

/** Secrets of a vault: what the owner signs of each, and the box that only its key opens. */
export function vaultVectors() {
  const [alice, bob] = [at.memberOf("alice"), at.memberOf("bob")];
  const { member } = alice;
  const { mesh, moment } = at;
  const env = { mesh, member, key: "TOKEN", type: "env", version: 1, setAt: moment, at: moment };
  const of = (name: string, statement: object, value: string) => {
    const sealed = sealSecret({
      statement: statement as VaultStatement,
      value,
      to: alice.keys.seal,
      signer: alice.signer,
      random: seededRandom(`vault/${name}`),
    });
    const { sig: _sig, ...signed } = sealed.entry;
    const signedText = fromUtf8(statementBytes(domains.vault, signed as unknown as JsonValue));
    const ephemeralSecretHex = toHex(seededRandom(`vault/${name}`)(32));
    return { name, value, ephemeralSecretHex, signedText, ...sealed };
  };
  const one = of("a variable", env, "s3cret");
  const mount = "/etc/app/key.pem";
  const file = { ...env, key: "PEM", type: "file", mount, version: 3, at: moment + 1 };
  const whole = of("a file, rotated", file, `${"x".repeat(62)}ä`);
  const { entry, ciphertext } = one;
  const { sig: _sig, author: _author, ...fields } = entry;
  const bare = sealTo(alice.keys.seal, new Uint8Array(64), seededRandom("vault/bare"));
  const unpadded = signStatement(
    domains.vault,
    { ...fields, sealed: hashBytes(bare), author: alice.keys.sign },
    alice.signer,
  );
  const cut = fromBase64(ciphertext).subarray(0, -1);
  const failures = [
    { name: "another key", entry: { ...entry, key: "OTHER" }, ciphertext },
    { name: "an older version", entry: { ...entry, version: 2 }, ciphertext },
    { name: "another secret's value", entry, ciphertext: whole.ciphertext },
    { name: "a value that ends early", entry, ciphertext: toBase64(cut) },
    { name: "a value without the end of its padding", entry: unpadded, ciphertext: toBase64(bare) },
    {
      name: "signed by another member",
      entry: signStatement(domains.vault, { ...fields, author: bob.keys.sign }, bob.signer),
      ciphertext,
    },
  ].map((one) => ({ ...one, error: "bad_signature" as const }));
  return {
    format: "vault-entry",
    owner: { seedHex: toHex(alice.seed), scope: { mesh }, ...alice.keys },
    cases: [one, whole],
    failures,
  };
}
