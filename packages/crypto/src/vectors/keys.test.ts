import assert from "node:assert/strict";
import { createHash, hkdfSync } from "node:crypto";
import { before, test } from "node:test";
import type { ErrorCode, MeshId } from "@claudemesh/protocol";
import { keyCommitment } from "../commitment.ts";
import { jcs } from "../jcs.ts";
import { deriveMember } from "../member-keys.ts";
import { safetyNumber } from "../safety-number.ts";
import { Signer } from "../signature.ts";
import { ready } from "../sodium.ts";
import { hexBytes, loadVectors, replay } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import { Uuidv7Source, uuidv4, uuidv7 } from "../uuid.ts";
import type { jcsVectors } from "./canonical.ts";
import type * as build from "./keys.ts";
import { doubleOf } from "./rfc8785.ts";

before(ready);

const code = (error: string) => error as ErrorCode;

test("member keys, derived with Node's HKDF", () => {
  const file = loadVectors<typeof build.memberKeyVectors>("member-keys");
  const seed = hexBytes(file.seedHex);
  for (const { name, scope, generation, keys, sign, seal } of file.cases) {
    assert.deepEqual(deriveMember(seed, scope, generation).keys, keys, name);
    for (const { info, secretHex } of [sign, seal]) {
      const secret = Buffer.from(hkdfSync("sha256", seed, file.salt, info, 32));
      assert.equal(secret.toString("hex"), secretHex, name);
    }
    assert.equal(new Signer(hexBytes(sign.secretHex)).key, keys.sign);
  }
  for (const { name, seedHex, scope, generation, error } of file.failures) {
    const act = () =>
      deriveMember(hexBytes(seedHex), scope as Parameters<typeof deriveMember>[1], generation);
    mustFail(code(error), act, name);
  }
});

test("key commitments, hashed with Node's SHA-256", () => {
  const { cases, failures } = loadVectors<typeof build.commitmentVectors>("key-commitment");
  for (const { name, mesh, key, commitment } of cases) {
    assert.equal(keyCommitment(mesh as MeshId, key), commitment, name);
    const text = `claudemesh/key-commitment/v1\n{"key":"${key}","mesh":"${mesh}"}`;
    assert.equal(createHash("sha256").update(text).digest("hex"), commitment, name);
  }
  for (const { name, key, error } of failures) {
    mustFail(code(error), () => keyCommitment("", key), name);
  }
});

test("safety numbers", () => {
  const { cases } = loadVectors<typeof build.safetyNumberVectors>("safety-number");
  for (const { name, mesh, members, number } of cases) {
    const [one, other] = members;
    assert.ok(one && other);
    assert.equal(safetyNumber(mesh, one, other), number, name);
  }
});

test("UUIDs", () => {
  const { v4, v7, ordered } = loadVectors<typeof build.uuidVectors>("uuid");
  assert.equal(uuidv4(replay(v4.randomHex ?? "")), v4.uuid);
  assert.equal(uuidv7(v7.now, replay(v7.randomHex ?? "")), v7.uuid);
  const times = [...ordered.times];
  const source = new Uuidv7Source(() => times.shift() ?? 0, replay(...ordered.randomHex));
  assert.deepEqual(
    ordered.uuids.map(() => source.next()),
    ordered.uuids,
  );
});

test("canonical JSON", () => {
  const { cases, numbers, failures } = loadVectors<typeof jcsVectors>("jcs");
  for (const { name, json, canonical, canonicalUtf8Hex } of cases) {
    assert.equal(jcs(JSON.parse(json)), canonical, name);
    assert.equal(Buffer.from(canonical).toString("hex"), canonicalUtf8Hex, name);
  }
  for (const { ieeeHex, canonical } of numbers) assert.equal(jcs(doubleOf(ieeeHex)), canonical);
  for (const { name, error, ...input } of failures) {
    const value = input.json === undefined ? doubleOf(input.ieeeHex) : JSON.parse(input.json);
    mustFail(code(error), () => jcs(value), name);
  }
});
