import { keyCommitment } from "../commitment.ts";
import { domains } from "../domain.ts";
import { fromBase64, toBase64, toHex, utf8 } from "../encoding.ts";
import { hkdf } from "../hkdf.ts";
import { jcs } from "../jcs.ts";
import { deriveMember, type MemberScope } from "../member-keys.ts";
import { safetyNumber } from "../safety-number.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { Uuidv7Source, uuidv4, uuidv7 } from "../uuid.ts";

const seed = () => seededRandom("identity")(32);

function member(name: string, scope: MemberScope, generation: number) {
  const derived = (use: string) => {
    const info = jcs({ use, generation, ...scope });
    const secret = hkdf({ secret: seed(), salt: utf8(domains.member), info: utf8(info) });
    return { info, secretHex: toHex(secret) };
  };
  const { keys } = deriveMember(seed(), scope, generation);
  return { name, scope, generation, sign: derived("sign"), seal: derived("seal"), keys };
}

export const memberKeyVectors = () => ({
  format: "member-keys",
  seedHex: toHex(seed()),
  salt: domains.member,
  cases: [
    member("joiner", { mesh: at.mesh }, 0),
    member("joiner again, after leaving", { mesh: at.mesh }, 1),
    member("in another mesh", { mesh: at.otherMesh }, 0),
    member("founder", { genesisNonce: at.challenge }, 0),
  ],
  failures: [
    {
      name: "short seed",
      seedHex: "00",
      scope: { mesh: at.mesh },
      generation: 0,
      error: "malformed",
    },
    {
      name: "negative generation",
      seedHex: toHex(seed()),
      scope: { mesh: at.mesh },
      generation: -1,
      error: "malformed",
    },
    {
      name: "short nonce",
      seedHex: toHex(seed()),
      scope: { genesisNonce: "AA" },
      generation: 0,
      error: "malformed",
    },
  ],
});

export function commitmentVectors() {
  const key = toBase64(seededRandom("mesh key")(32));
  return {
    format: "key-commitment",
    cases: [
      { name: "of genesis", mesh: "", key, commitment: keyCommitment("", key) },
      { name: "of a later epoch", mesh: at.mesh, key, commitment: keyCommitment(at.mesh, key) },
    ],
    failures: [
      {
        name: "31 bytes",
        mesh: "",
        key: toBase64(fromBase64(key).subarray(1)),
        error: "malformed",
      },
    ],
  };
}

export function safetyNumberVectors() {
  const [a, b, c] = ["alice", "bob", "carol"].map((name) => at.memberOf(name).keys);
  if (!a || !b || !c) throw new Error("three members");
  const { mesh, otherMesh } = at;
  return {
    format: "safety-number",
    cases: [
      { name: "alice and bob", mesh, members: [a, b], number: safetyNumber(mesh, a, b) },
      { name: "bob and alice", mesh, members: [b, a], number: safetyNumber(mesh, b, a) },
      { name: "alice and carol", mesh, members: [a, c], number: safetyNumber(mesh, a, c) },
      {
        name: "in another mesh",
        mesh: otherMesh,
        members: [a, b],
        number: safetyNumber(otherMesh, a, b),
      },
    ],
  };
}

export function uuidVectors() {
  const draws = (label: string, count: number, length: number) => {
    const random = seededRandom(label);
    return Array.from({ length: count }, () => toHex(random(length)));
  };
  const times = [at.moment, at.moment, at.moment - 5, at.moment + 1];
  let tick = 0;
  const source = new Uuidv7Source(() => times[tick++] ?? 0, seededRandom("uuid source"));
  return {
    format: "uuid",
    v4: { randomHex: draws("uuid 4", 1, 16)[0], uuid: uuidv4(seededRandom("uuid 4")) },
    v7: {
      now: at.moment,
      randomHex: draws("uuid 7", 1, 10)[0],
      uuid: uuidv7(at.moment, seededRandom("uuid 7")),
    },
    ordered: {
      times,
      randomHex: draws("uuid source", 4, 10),
      uuids: times.map(() => source.next()),
    },
  };
}
