import { existsSync } from "node:fs";
import { requirePassphrase, toHex } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import { collectHome } from "../../backup/collect-home.ts";
import { describeContents } from "../../backup/describe-contents.ts";
import { markBackedUp } from "../../backup/replace-home.ts";
import { sealInThread } from "../../backup/seal-in-thread.ts";
import type { DeviceHandler } from "../../handler.ts";
import { writePrivate } from "../../home/private-file.ts";
import { requirePerson } from "../guard/only-people.ts";
import { requireAbsolute } from "./require-absolute.ts";

/** Seals everything of this home under the passphrase and writes it whole or not at all. A file that is there is left alone. */
export const create: DeviceHandler<"backup.create"> = async ({ path, passphrase }, ctx) => {
  requirePerson(ctx, "back up this home");
  requireAbsolute(path);
  requirePassphrase(passphrase);
  if (existsSync(path)) {
    throw new MeshError("exists", `file: ${path} is there already`, {
      hint: "choose another name, or remove the file first",
    });
  }
  const contents = collectHome(ctx);
  const file = await sealInThread(contents, passphrase, ctx.random);
  writePrivate(path, file, toHex(ctx.random(6)));
  ctx.store.write(() => markBackedUp(ctx, contents.at));
  return { path, bytes: file.length, ...describeContents(contents) };
};
