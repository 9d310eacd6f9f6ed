import { dropFile } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const deleteFile: WriteFn<"deleteFile"> = ({ db, log }, { mesh, file }) =>
  dropFile(db, log.head(mesh).no, file);
