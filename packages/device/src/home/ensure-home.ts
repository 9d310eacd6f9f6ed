import { ensureFolder } from "./private-file.ts";

/** Makes a home's folder, for its owner alone, where it is not there yet. Throws `not_writable`, `disk_full`. */
export const ensureHome = (folder: string): void => ensureFolder(folder);
