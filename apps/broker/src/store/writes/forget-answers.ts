import { deleteAnswers } from "../queries/api-keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetAnswers: WriteFn<"forgetAnswers"> = ({ db }, input) => deleteAnswers(db, input);
