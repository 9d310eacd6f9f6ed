import { forgetOver } from "../queries/keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetKeyRows: WriteFn<"forgetKeyRows"> = ({ db }, input) => forgetOver(db, input);
