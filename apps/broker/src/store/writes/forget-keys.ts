import { deleteKeys } from "../queries/expiry.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetKeys: WriteFn<"forgetKeys"> = ({ db }, input) => deleteKeys(db, input);
