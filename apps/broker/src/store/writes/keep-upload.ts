import { extendUpload } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const keepUpload: WriteFn<"keepUpload"> = ({ db, log }, { mesh, file, expiresAt }) =>
  extendUpload(db, log.head(mesh).no, { file, expiresAt });
