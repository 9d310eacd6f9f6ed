import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { limits } from "@claudemesh/protocol";
import { Ground, refusal } from "../device/home-fixture.ts";

test("a peer reads a folder that was shared, if it may, and nothing beside it", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = (await ground.mesh("alice", "bob", "carol")) as [
    LocalDevice,
    LocalDevice,
    LocalDevice,
  ];
  const folder = join(ground.folder, "project");
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "src", "main.ts"), "export {};\n");
  writeFileSync(join(folder, ".env"), "SECRET=1");
  writeFileSync(join(ground.folder, "beside"), "not this");
  symlinkSync("../beside", join(folder, "way-out"));
  const large = randomBytes(3 * limits.peerFilePiece + 17);
  writeFileSync(join(folder, "large.bin"), large);
  writeFileSync(join(folder, "over"), Buffer.alloc(limits.peerFileBytes + 1));

  const readBy = (by: LocalDevice, path: string) => by.api.peerfile.read({ peer: "alice", path });
  await alice.drain();
  await refusal("forbidden", () => readBy(bob, "src/main.ts"));
  await alice.api.grant.set({ peer: "bob", capabilities: "file-read" });
  await refusal("not_found", () => readBy(bob, "src/main.ts"));
  const online = alice.keepOnline();
  await alice.drain();
  try {
    const none = await refusal("not_found", () => readBy(bob, "src/main.ts"));
    assert.match(none.message, /shares no folder/);
    await refusal("malformed", () => alice.api.peerfile.share({ path: ground.folder }));
    await refusal("malformed", () => alice.api.peerfile.share({ path: "/" }));
    await refusal("malformed", () => alice.api.peerfile.share({ path: "project" }));
    await refusal("not_found", () => alice.api.peerfile.share({ path: join(folder, "nothing") }));
    await alice.api.peerfile.share({ path: folder });
    assert.deepEqual(
      (await alice.api.peerfile.shared({})).items.map(({ path }) => path),
      [folder],
    );

    const main = await readBy(bob, "src/main.ts");
    assert.deepEqual([main.encoding, main.content], ["utf8", "export {};\n"]);
    assert.equal(main.local, join(folder, "src", "main.ts"));
    const whole = await readBy(bob, "large.bin");
    assert.equal(whole.encoding, "base64");
    assert.deepEqual(Buffer.from(whole.content, "base64"), large);
    const { items, local } = await bob.api.peerfile.list({ peer: "alice" });
    assert.deepEqual(
      items.map(({ name, kind }) => `${name} ${kind}`),
      ["large.bin file", "over file", "src folder"],
    );
    assert.equal(local, folder);

    await refusal("too_large", () => readBy(bob, "over"));
    for (const path of ["../beside", "way-out", ".env", "/etc/passwd", "src"]) {
      await refusal("forbidden", () => readBy(bob, path));
    }
    await refusal("not_found", () => readBy(bob, "src/other.ts"));
    await refusal("forbidden", () => readBy(carol, "src/main.ts"));
    await alice.api.grant.revoke({ peer: "bob", capabilities: "file-read" });
    await refusal("forbidden", () => readBy(bob, "src/main.ts"));
    await alice.api.peerfile.unshare({});
    await refusal("not_found", () => alice.api.peerfile.unshare({}));
  } finally {
    await online.stop();
  }
});
