import { limits } from "@claudemesh/protocol";
import { partLength } from "../../blob/range.ts";
import type { Handler } from "../../handler.ts";

/** Keeps room for a file's ciphertext and says which parts of it are there; asked again it goes on where an upload was cut. */
export const begin: Handler<"file.begin"> = async ({ id, bytes }, ctx) => {
  const { actor, config, files, now, store } = ctx;
  const { device, member, mesh } = actor;
  if (bytes > config.fileBytes) {
    throw ctx.fail("too_large", `bytes: a file here has at most ${config.fileBytes} bytes`, {
      detail: { field: "bytes", most: config.fileBytes },
    });
  }
  const at = now();
  const begun = await store.write.beginFile({
    ...{ mesh, member, bytes, at, file: id },
    quota: config.meshFileBytes,
    expiresAt: at + limits.emptyUploadMs,
  });
  if (begun === "taken") throw ctx.fail("conflict", "id: there is a file of that id already");
  if (begun === "full") {
    throw ctx.fail("exhausted", "the mesh has no room for more files", {
      hint: "delete files that nobody needs: claudemesh file list",
    });
  }
  const there = await files.blobs.parts({ mesh, file: id });
  return {
    ...files.tickets.give({ does: "put", mesh, member, device, file: id, bytes }),
    partBytes: limits.filePartBytes,
    parts: there.filter((one) => one.bytes === partLength(bytes, one.part)).map(({ part }) => part),
  };
};
