import { jsonLine, jsonStream, project } from "../../render/json.ts";
import type { LocalContext } from "../run.ts";

/** Prints an answer for a program, as operations print theirs. */
export const printRecord = (
  answer: object,
  { globals, print }: Pick<LocalContext, "globals" | "print">,
): Promise<void> => {
  const record = answer as Record<string, unknown>;
  const shown = globals.project ? project(record, globals.project) : record;
  return print(globals.stream ? jsonStream(shown) : jsonLine(shown));
};
