import { MeshError, SkillPath } from "@claudemesh/protocol";

/** Files of what is deployed, by their paths: each is read only where a skill holds it. */
export type Tree = ReadonlyMap<string, TreeFile>;

export interface TreeFile {
  readonly bytes: number;
  readonly read: () => Promise<Uint8Array>;
}

/** What may be deployed in one go. */
export const treeLimits = {
  files: 2_000,
  bytes: 20 * 1024 * 1024,
  /** how much smaller than itself something may be packed */
  ratio: 200,
  skills: 50,
} as const;

/** A part that Windows takes for a device, or writes under another name. */
const unportablePart = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)|[ .]$|[<>"|?*]/iu;

/** Gathers files, none of them outside, twice, too much, or something else on another system. Throws `malformed`, `too_large`. */
export class TreeBuilder {
  readonly tree = new Map<string, TreeFile>();
  readonly #seen = new Set<string>();
  readonly #folders = new Set<string>();
  #bytes = 0;

  /** The path must be as a skill's is; two that a file system may take for one are two of one name. */
  add(path: string, file: TreeFile): void {
    const read = SkillPath.safeParse(path);
    const shown = JSON.stringify(path.slice(0, 200));
    if (!read.success) {
      const why = read.error.issues[0]?.message ?? "not a path";
      throw new MeshError("malformed", `source: ${shown}: ${why}`);
    }
    if (path.split("/").some((part) => unportablePart.test(part))) {
      throw new MeshError("malformed", `source: ${shown} cannot be a file on every system`);
    }
    const folded = path.normalize("NFC").toLowerCase();
    if (this.#seen.has(folded) || this.#folders.has(folded)) throw twice(shown);
    this.#seen.add(folded);
    for (let at = folded.lastIndexOf("/"); at > 0; at = folded.lastIndexOf("/", at - 1)) {
      const folder = folded.slice(0, at);
      if (this.#seen.has(folder)) throw twice(shown);
      if (this.#folders.has(folder)) break;
      this.#folders.add(folder);
    }
    this.#bytes += file.bytes;
    if (this.#seen.size > treeLimits.files) {
      throw new MeshError("too_large", `source: more than ${treeLimits.files} files`);
    }
    if (this.#bytes > treeLimits.bytes) {
      throw new MeshError("too_large", `source: more than ${treeLimits.bytes} bytes`);
    }
    this.tree.set(path, file);
  }
}

const twice = (shown: string): MeshError =>
  new MeshError("malformed", `source: ${shown} is there twice`);

/** Throws `malformed` for what leads elsewhere. */
export const refuseLink = (path: string): never => {
  throw new MeshError("malformed", `source: ${JSON.stringify(path.slice(0, 200))} is a link`);
};
