import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "@claudemesh/protocol";
import { insideHash, manifestHash, verifyManifest } from "../file/manifest.ts";
import { openInside } from "../file/seal-inside.ts";
import * as at from "../testing/fixtures.ts";
import { loadVectors } from "../testing/load-vectors.ts";
import { mustFail } from "../testing/must-fail.ts";
import type { fileVectors } from "./files.ts";

const vectors = () => loadVectors<typeof fileVectors>("file");

test("the committed manifest verifies, and its sealed key opens", () => {
  const { author, inside, manifest, manifestHash: hash, sealed } = vectors();
  verifyManifest(manifest, author);
  assert.equal(manifestHash(manifest), hash);
  assert.equal(manifest.inside, insideHash(manifest, inside));
  assert.deepEqual(openInside(manifest, sealed, at.memberOf("bob").opener), inside);
});

test("what the committed failures name is refused", () => {
  const { author, failures } = vectors();
  assert.ok(failures.length > 0);
  for (const { error, manifest, name, sealed } of failures) {
    const open = () => {
      verifyManifest(manifest, author);
      openInside(manifest, sealed, at.memberOf("bob").opener);
    };
    mustFail(error as ErrorCode, open, name);
  }
});
