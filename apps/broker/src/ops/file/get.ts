import type { Handler } from "../../handler.ts";
import { foundFile, newsOf } from "./found-file.ts";

/** A file's manifest and sealed key, and the ticket with which its ciphertext is fetched. */
export const get: Handler<"file.get"> = async ({ id }, ctx) => {
  const { actor, files } = ctx;
  const found = await foundFile(id, ctx);
  const { device, member, mesh } = actor;
  return {
    ...(await newsOf(found, ctx)),
    ...files.tickets.give({ does: "get", mesh, member, device, file: id, bytes: found.bytes }),
  };
};
