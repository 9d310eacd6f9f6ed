import { addKeyWants } from "../queries/keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const wantKeys: WriteFn<"wantKeys"> = async ({ db, log }, input) => {
  await addKeyWants(db, log.head(input.mesh).no, input);
};
