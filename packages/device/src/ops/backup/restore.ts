import { readFileSync } from "node:fs";
import { MeshError } from "@claudemesh/protocol";
import { describeContents } from "../../backup/describe-contents.ts";
import { replaceHome, requireUnused } from "../../backup/replace-home.ts";
import { openInThread } from "../../backup/seal-in-thread.ts";
import type { DeviceHandler } from "../../handler.ts";
import { storageError } from "../../home/storage-error.ts";
import { requirePerson } from "../guard/only-people.ts";
import { requireAbsolute } from "./require-absolute.ts";

/** Opens a backup, checks every chain and key in it, and makes this home what it says, under new device ids. */
export const restore: DeviceHandler<"backup.restore"> = async (input, ctx) => {
  const { path, passphrase, replace = false } = input;
  requirePerson(ctx, "restore this home");
  requireAbsolute(path);
  requireUnused(ctx, replace);
  const contents = await openInThread(read(path), passphrase);
  const aside = await replaceHome(ctx, contents);
  return {
    path,
    at: contents.at,
    ...describeContents(contents),
    ...(aside === undefined ? {} : { aside }),
  };
};

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") {
      throw new MeshError("not_found", `file: there is no ${path}`);
    }
    throw storageError(error, path);
  }
}
