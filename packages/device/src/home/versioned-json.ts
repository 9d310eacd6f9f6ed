import { MeshError } from "@claudemesh/protocol";
import { z } from "zod";

/** Far more than any of these files has; none of them grows with what the home holds. */
const mostChars = 256 * 1024;

/** Parses the text of a local file of version 1. Throws `upgrade_required` for a newer version, `home_damaged` naming the file otherwise; never quotes the contents. */
export function parseVersioned<S extends z.ZodType>(
  schema: S,
  text: string,
  path: string,
): z.output<S> {
  if (text.length > mostChars) throw damaged(path, "it is far too long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(path, "it is cut off or not JSON");
  }
  const version = z.object({ v: z.int() }).safeParse(value);
  if (version.success && version.data.v > 1) {
    throw new MeshError("upgrade_required", `${path} was written by a newer version`, {
      hint: "upgrade claudemesh on this machine",
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw damaged(path, "it does not have the right form");
}

/** The error for a file of the home that cannot be used as it is. */
export const damaged = (path: string, why: string): MeshError =>
  new MeshError("home_damaged", `this file is damaged: ${path} (${why})`, {
    hint: "restore it from a backup; nothing was changed",
  });
