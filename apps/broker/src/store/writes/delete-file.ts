import { dropFile, findFile } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const deleteFile: WriteFn<"deleteFile"> = async ({ db, log }, input) => {
  const { no } = log.head(input.mesh);
  if (input.unfinished && (await findFile(db, no, input.file))?.manifest !== undefined)
    return false;
  return dropFile(db, no, input.file);
};
