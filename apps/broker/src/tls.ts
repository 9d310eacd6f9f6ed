import { readFileSync, statSync } from "node:fs";
import type { Server } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { MeshError } from "@claudemesh/protocol";
import type { Logger } from "./logger.ts";
import type { Timer } from "./timer.ts";

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** how often the files are looked at */
const lookMs = 10_000;

/** What a TLS server is given: certificate and key of these files, nothing older than TLS 1.2. Throws `malformed` naming the files. */
export function tlsContext({ cert, key }: TlsFiles): SecureContextOptions {
  try {
    const context: SecureContextOptions = {
      cert: readFileSync(cert),
      key: readFileSync(key),
      minVersion: "TLSv1.2",
    };
    createSecureContext(context);
    return context;
  } catch (cause) {
    // OpenSSL's words may quote what it read.
    throw new MeshError("malformed", `no certificate with its key can be read: ${cert}, ${key}`, {
      hint: "give PEM files that belong together, readable by the broker's user",
      detail: { reason: (cause as NodeJS.ErrnoException).code ?? "unreadable" },
    });
  }
}

/** Which files they are now: changes when one is replaced, also behind a link. */
function stampOf({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((path) => {
      const { ino, mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return `${ino} ${mtimeMs} ${size}`;
    })
    .join(" ");
}

export interface TlsReload {
  /** Reads the files again, whether or not they have changed. */
  now(): void;
  stop(): void;
}

/** Gives the server a renewed certificate as soon as its files change; connections that are open keep the one they have. Files that do not fit are logged and the old ones kept. */
export function reloadTls(server: Server, files: TlsFiles, timer: Timer, log: Logger): TlsReload {
  let stamp = stampOf(files);
  const now = (): void => {
    stamp = stampOf(files);
    try {
      server.setSecureContext(tlsContext(files));
      log.info("certificate loaded", { path: files.cert });
    } catch (cause) {
      log.error("certificate not loaded; the one before stays", { cause });
    }
  };
  const stop = timer.every(lookMs, () => {
    if (stampOf(files) !== stamp) now();
  });
  return { now, stop };
}
