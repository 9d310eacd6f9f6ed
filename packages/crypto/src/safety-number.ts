import type { MemberKeys, MeshId } from "@claudemesh/protocol";
import { domains, statementBytes } from "./domain.ts";
import { jcs } from "./jcs.ts";
import { sodium } from "./sodium.ts";

/** Each guess at a matching key costs this many hashes, 12.3 bits of work, which lifts the 99.7 bits of 30 digits to 112. */
const iterations = 5200;
const groups = 6;
const bytesPerGroup = 5;

/** What two members compare aloud: 30 digits in six groups of five, the same for both, over both members' keys and the mesh. */
export function safetyNumber(mesh: MeshId, one: MemberKeys, other: MemberKeys): string {
  const members = [one, other].map(({ sign, seal }) => ({ sign, seal })).sort(byText);
  const keys = sodium.crypto_hash_sha512(statementBytes(domains.safetyNumber, { mesh, members }));
  const input = new Uint8Array(keys.length * 2);
  input.set(keys, keys.length);
  for (let round = 0; round < iterations; round++) input.set(sodium.crypto_hash_sha512(input));
  return Array.from({ length: groups }, (_, group) => digits(input, group * bytesPerGroup)).join(
    " ",
  );
}

/** Five decimal digits from 40 bits, whose excess over 100000 leaves no bias that could be noticed. */
function digits(bytes: Uint8Array, offset: number): string {
  let value = 0;
  for (const byte of bytes.subarray(offset, offset + bytesPerGroup)) value = value * 256 + byte;
  return String(value % 100_000).padStart(5, "0");
}

const byText = (a: MemberKeys, b: MemberKeys): number => (jcs(a) < jcs(b) ? -1 : 1);
