import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Says what happens, for whoever runs the daemon: never a secret, never what people write to each other. */
export type DaemonLog = (
  level: "info" | "warn",
  message: string,
  fields?: Readonly<Record<string, string | number | boolean | undefined>>,
) => void;

export interface RotatingLogOptions {
  readonly folder: string;
  readonly now: () => number;
  readonly fileBytes?: number;
  /** files in all, the one being written included */
  readonly files?: number;
}

const usual = { fileBytes: 1024 * 1024, files: 5 } as const;
const mostLineChars = 4_000;

export const logName = "daemon.log";

/**
 * Writes one JSON object per line to `daemon.log`, and moves a full file to `daemon.log.1`, that to `.2`, and so on. What cannot be written, as on a full
 * disk, is dropped: the log never ends the daemon.
 */
export class RotatingLog {
  readonly #options: Required<RotatingLogOptions>;
  readonly #path: string;
  #file: number | undefined;
  #size = 0;
  #isEnded = false;

  constructor(options: RotatingLogOptions) {
    this.#options = { ...usual, ...options };
    this.#path = join(options.folder, logName);
  }

  readonly log: DaemonLog = (level, message, fields = {}) => {
    const at = new Date(this.#options.now()).toISOString();
    const text = JSON.stringify({ at, level, message: message.slice(0, mostLineChars), ...fields });
    this.#write(`${text}\n`);
  };

  /** Closes it for good: what is logged from now on is dropped, and makes no file where its folder is being removed. */
  end(): void {
    this.#isEnded = true;
    this.close();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #write(line: string): void {
    if (this.#isEnded) return;
    const bytes = Buffer.from(line);
    try {
      if (this.#file !== undefined && this.#size + bytes.length > this.#options.fileBytes) {
        this.#rotate();
      }
      this.#file ??= this.#open();
      this.#size += writeSync(this.#file, bytes);
    } catch {
      this.close();
    }
  }

  #open(): number {
    makeFolder(this.#options.folder);
    const file = openSync(this.#path, "a", 0o600);
    if (process.platform !== "win32") chmodSync(this.#path, 0o600);
    this.#size = fstatSync(file).size;
    return file;
  }

  #rotate(): void {
    this.close();
    const name = (index: number) => (index === 0 ? this.#path : `${this.#path}.${index}`);
    const last = this.#options.files - 1;
    rmSync(name(last), { force: true });
    for (let index = last - 1; index >= 0; index--) {
      try {
        renameSync(name(index), name(index + 1));
      } catch {
        // There is no such file yet.
      }
    }
  }
}

/** Never makes the folder above it: a home that was removed stays removed. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
