import { deleteWelcomes } from "../queries/invites.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetWelcomes: WriteFn<"forgetWelcomes"> = ({ db }, input) =>
  deleteWelcomes(db, input);
