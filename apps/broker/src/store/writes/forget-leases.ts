import { deleteLeases } from "../queries/leases.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetLeases: WriteFn<"forgetLeases"> = ({ db }, input) => deleteLeases(db, input);
