import { dropFile, dueFiles } from "../queries/files.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetFiles: WriteFn<"forgetFiles"> = async ({ db }, input) => {
  const due = await dueFiles(db, input);
  for (const { no, file } of due) await dropFile(db, no, file);
  return due.map(({ mesh, file }) => ({ mesh, file }));
};
