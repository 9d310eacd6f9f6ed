import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto/verify";
import type { FileId, MeshId } from "@claudemesh/protocol";
import { runBlobAcceptance } from "../../apps/broker/src/blob/acceptance.ts";
import { FolderBlobs } from "../../apps/broker/src/blob/folder.ts";
import { S3Blobs } from "../../apps/broker/src/blob/s3.ts";
import { startS3 } from "../../packages/testkit/src/s3-service.ts";

await ready();
const base = await mkdtemp(join(tmpdir(), "claudemesh-blobs-"));
let nth = 0;

const service = await startS3(join(base, "s3"));
after(async () => {
  await service.stop();
  await rm(base, { recursive: true, force: true });
});

runBlobAcceptance("folder", async () => new FolderBlobs(join(base, String(++nth)), systemRandom));

runBlobAcceptance(
  "S3",
  async () =>
    new S3Blobs({
      bucket: "files",
      prefix: `mesh-${++nth}/`,
      endpoint: service.endpoint,
      region: "us-east-1",
      accessKey: "S3RVER",
      secretKey: "S3RVER",
    }),
);

test("what lies in the folder is for its owner alone, and nothing half written stays", async () => {
  const folder = join(base, "modes");
  const blobs = new FolderBlobs(folder, systemRandom);
  const mesh = `mesh_${"a".repeat(64)}` as MeshId;
  const file = "fil_00000000-0000-4000-8000-0000000000ab" as FileId;
  async function* one() {
    yield Uint8Array.of(1);
  }
  await blobs.putPart({ mesh, file }, 0, 1, one());
  await assert.rejects(blobs.putPart({ mesh, file }, 1, 2, one()));
  const at = join(folder, mesh, "ab", file);
  assert.deepEqual(await readdir(at), ["000000"]);
  await writeFile(join(at, "000001.0a1b2c3d4e5f.part"), "what a crash left");
  await blobs.tidy({ mesh, file });
  assert.deepEqual(await readdir(at), ["000000"]);
  assert.equal((await stat(join(at, "000000"))).mode & 0o777, 0o600);
  for (const path of [folder, join(folder, mesh), at]) {
    assert.equal((await stat(path)).mode & 0o077, 0);
  }
});
