import { findFile, putDownload } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const countDownload: WriteFn<"countDownload"> = async ({ db, log }, input) => {
  const { no } = log.head(input.mesh);
  // It may have been deleted while its last bytes were on their way.
  if ((await findFile(db, no, input.file)) !== undefined) await putDownload(db, no, input);
};
