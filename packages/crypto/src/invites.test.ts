import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { type InviteCode, InviteId, limits, type WelcomeBlob } from "@claudemesh/protocol";
import fc from "fast-check";
import { toBase64, utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import { createInviteCode, inviteSecret } from "./invite-code.ts";
import { formatInviteLink, parseInvite } from "./invite-link.ts";
import { signInviteProof, verifyInviteProof } from "./invite-proof.ts";
import { code, memberOf, mesh, otherMesh, welcome } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { welcomeBlob } from "./testing/statements.ts";
import { openWelcome, sealWelcome } from "./welcome.ts";

test("codes use every character about equally often", () => {
  const random = seededRandom("codes");
  const counts = new Map<string, number>();
  const rounds = 1500;
  for (let round = 0; round < rounds; round++) {
    const drawn = createInviteCode(random);
    assert.match(drawn, /^[0-9A-Za-z]{16}$/);
    for (const char of drawn) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  assert.equal(counts.size, 62);
  const expected = (rounds * 16) / 62;
  let chiSquare = 0;
  for (const count of counts.values()) chiSquare += (count - expected) ** 2 / expected;
  assert.ok(chiSquare < 110, `chi-square ${chiSquare} with 61 degrees of freedom`);
});

test("bytes that would bias a code are skipped, and a broken source is an error", () => {
  let first = true;
  const random = (length: number) => {
    const bytes = new Uint8Array(length).fill(first ? 248 : 247);
    first = false;
    return bytes;
  };
  assert.equal(createInviteCode(random), "z".repeat(16));
  mustFail("internal", () => createInviteCode((length) => new Uint8Array(length).fill(255)));
});

test("a code gives its id and keys, and shows neither itself nor the symmetric key", () => {
  const secret = inviteSecret(code);
  assert.equal(InviteId.parse(secret.id), secret.id);
  assert.match(secret.id, /^inv_.{13}-8.{3}-[89ab]/);
  assert.equal(inviteSecret(code).key, secret.key);
  const salt = utf8("claudemesh/invite-code/v1");
  const key = hkdf({ secret: utf8(code), salt, info: utf8("seal") });
  const shown = `${JSON.stringify(secret)}${inspect(secret, { showHidden: true, depth: 9 })}`;
  for (const hidden of [code, toBase64(key), key.slice(0, 8).join(", ")]) {
    assert.ok(!shown.includes(hidden));
  }
  mustFail("malformed", () => inviteSecret("short" as InviteCode));
});

test("links round-trip through any base URL", () => {
  const random = seededRandom("links");
  const bases = ["https://mesh.example", "http://localhost:8787/", "https://a.example/team/x/"];
  fc.assert(
    fc.property(fc.constantFrom(...bases), (base) => {
      const drawn = createInviteCode(random);
      const link = formatInviteLink(base, drawn);
      const parsed = parseInvite(`\n ${link} `);
      assert.deepEqual(parsed, {
        code: drawn,
        url: base.replace(/\/$/, ""),
        invite: inviteSecret(drawn).id,
      });
    }),
    { numRuns: 20 },
  );
  mustFail("malformed", () => formatInviteLink("mesh.example", code));
});

test("no refusal of a link repeats the code", () => {
  const link = formatInviteLink("https://mesh.example", code);
  const broken = [link.slice(0, -1), `${link}x`, link.replace("inv_", "inv_0"), `${code}/`];
  for (const text of broken) {
    const error = mustFail("malformed", () => parseInvite(text));
    assert.ok(!`${error.message}${error.hint}`.includes(code.slice(0, 8)), error.message);
  }
  const endless = `https://mesh.example/i/${"\ud800".repeat(1 << 20)}#${code}`;
  const error = mustFail("malformed", () => parseInvite(endless));
  assert.match(error.message, /more than 8192 characters/);
  const gone = mustFail("invite_v1_gone", () => parseInvite("ic://join/abc"));
  assert.match(gone.hint ?? "", /ask the inviter/);
});

test("a welcome round-trips, bound to mesh and invite", () => {
  const secret = inviteSecret(code);
  assert.deepEqual(secret.open(welcomeBlob(), mesh), welcome());
  mustFail("bad_signature", () => secret.open(welcomeBlob(), otherMesh));
  const other = inviteSecret(createInviteCode(seededRandom("other")));
  mustFail("bad_signature", () => other.open(welcomeBlob(), mesh));
});

test("every changed byte and every cut of a welcome blob is refused", () => {
  const secret = inviteSecret(code);
  const blob = Buffer.from(welcomeBlob(), "base64url");
  const open = (bytes: Uint8Array) => () => secret.open(toBase64(bytes) as WelcomeBlob, mesh);
  for (let at = 0; at < blob.length; at++) {
    mustFail("bad_signature", open(blob.with(at, (blob[at] ?? 0) ^ 1)), `byte ${at}`);
    mustFail("bad_signature", open(blob.subarray(0, at)), `cut at ${at}`);
  }
  mustFail("malformed", () => secret.open("A" as WelcomeBlob, mesh));
});

test("a welcome for another mesh than its seal names is refused, as is one with too many keys", () => {
  const seal = { mesh, invite: inviteSecret(code).id, key: new Uint8Array(32) };
  const blob = sealWelcome({ ...welcome(), mesh: otherMesh }, seal, seededRandom("n"));
  mustFail("malformed", () => openWelcome(blob, seal));
  const row = welcome().ring[0];
  assert.ok(row);
  const ring = Array.from({ length: 500 }, (_, epoch) => ({ ...row, epoch }));
  const largest = sealWelcome({ ...welcome(), ring }, seal, seededRandom("n"));
  assert.ok(largest.length < (limits.welcomeBytes * 4) / 3);
  const over = { ...welcome(), ring: [...ring, row] };
  mustFail("malformed", () => sealWelcome(over, seal, seededRandom("n")));
});

test("an invite proof holds for its mesh, invite and keys only", () => {
  const { id, key, signer } = inviteSecret(code);
  const claim = { mesh, invite: id, keys: memberOf("bob").keys };
  const proof = signInviteProof(claim, signer);
  verifyInviteProof(claim, proof, key);
  const { sign, seal } = memberOf("eve").keys;
  const changes = [
    { mesh: otherMesh },
    { invite: inviteSecret("0".repeat(16) as InviteCode).id },
    { keys: { ...claim.keys, sign } },
    { keys: { ...claim.keys, seal } },
  ];
  for (const change of changes) {
    mustFail("bad_signature", () => verifyInviteProof({ ...claim, ...change }, proof, key));
  }
  mustFail("bad_signature", () => verifyInviteProof(claim, proof, sign));
});
