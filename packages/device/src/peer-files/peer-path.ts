import { MeshError } from "@claudemesh/protocol";

const device = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])([. ].*)?$/i;
const mostNames = 64;

/**
 * The names of a path inside a shared folder, none for the folder itself. Throws `forbidden` for whatever could mean something outside it on any system: an absolute
 * path, `..`, another system's separators, devices, control characters; and for names that begin with a dot unless these are shared too.
 */
export function peerPath(path: string, dotfiles: boolean): readonly string[] {
  if (path === "" || path === ".") return [];
  const names = path.split("/");
  if (names.at(-1) === "" && names.length > 1) names.pop();
  if (names.length > mostNames) throw refused("it is too deep");
  for (const name of names) requireName(name, dotfiles);
  return names;
}

function requireName(name: string, dotfiles: boolean): void {
  if (name === "") throw refused("it is absolute or has an empty name in it");
  if (name === "." || name === "..") throw refused("it has . or .. in it");
  if (/[\\\p{Cc}]/u.test(name) || !name.isWellFormed())
    throw refused("it has a character that no name here has");
  if (/^[A-Za-z]:/.test(name)) throw refused("it names a drive");
  if (Buffer.byteLength(name) > 255) throw refused("a name in it is too long");
  if (device.test(name)) throw refused("it names a device");
  if (/[. ]$/.test(name)) throw refused("a name in it ends in a dot or space");
  if (name.startsWith(".") && !dotfiles)
    throw refused("names that begin with a dot are not shared");
}

/** What is said of a path that is not given out. */
export const refused = (why: string): MeshError =>
  new MeshError("forbidden", `path: ${why}`, { detail: { field: "path" } });
