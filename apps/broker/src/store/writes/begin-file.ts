import { findFile, insertFile, sumFiles } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const beginFile: WriteFn<"beginFile"> = async ({ db, log }, input) => {
  const { no } = log.head(input.mesh);
  const known = await findFile(db, no, input.file);
  if (known !== undefined) {
    const isSame = known.member === input.member && known.bytes === input.bytes;
    // Shared already is begun as well: the answer to its sharing may have been lost.
    return isSame ? "begun" : "taken";
  }
  const { bytes } = await sumFiles(db, no);
  if (bytes + input.bytes > input.quota) return "full";
  await insertFile(db, no, input);
  return "begun";
};
