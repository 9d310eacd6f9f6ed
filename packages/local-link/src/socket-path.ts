import { join } from "node:path";

/** What decides where the socket of a home lies; all of it comes from outside. */
export interface SocketPlace {
  /** the home folder, absolute */
  readonly home: string;
  readonly platform: string;
  /** the user's number, where the system has such */
  readonly uid?: number | undefined;
  /** the folder for temporary files */
  readonly tempDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Bytes that a socket's path may have: `sun_path` holds 104 on macOS and the BSDs, with the final zero. */
const mostBytes = 103;

const fileName = "daemon.sock";

/** Where the daemon of a home listens: in the home, or, where that path is too long for a socket, under a name made from it; on Windows a named pipe. */
export function socketPathOf({ home, platform, uid, tempDir, env }: SocketPlace): string {
  if (platform === "win32") return `\\\\.\\pipe\\claudemesh-${nameOf(home.toLowerCase())}`;
  const inside = join(home, fileName);
  if (byteLength(inside) <= mostBytes) return inside;
  const runtime = env.XDG_RUNTIME_DIR;
  const folder = runtime?.startsWith("/") ? join(runtime, "claudemesh") : undefined;
  const file = `${nameOf(home)}.sock`;
  if (folder !== undefined && byteLength(join(folder, file)) <= mostBytes)
    return join(folder, file);
  const base = byteLength(tempDir) <= 60 ? tempDir : "/tmp";
  return join(base, `claudemesh-${uid ?? "user"}`, file);
}

const byteLength = (text: string): number => Buffer.byteLength(text);

/** A short name for a path: 64 bits of FNV-1a in hexadecimal (RFC 9923). Two homes of one name are told apart at the hello, which names the home. */
export function nameOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
