import { forgetGone } from "../queries/records.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetRecords: WriteFn<"forgetRecords"> = ({ db }, input) => forgetGone(db, input);
