import { type ErrorCode, MeshError } from "@claudemesh/protocol";

/** SQLSTATE, or the class that its first two characters are (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const sqlStates: Readonly<Record<string, ErrorCode>> = {
  "08": "unavailable", // connection exceptions
  "25006": "not_writable", // a standby, or a database set to read only
  "25P03": "unavailable", // idle in a transaction for too long
  "28": "unauthorized",
  "3D000": "not_found", // no such database
  "42501": "not_writable", // the role may not
  "53": "unavailable", // memory, connections
  "53100": "disk_full",
  "57": "unavailable", // shutdown, crash, cancelled by a timeout
  "58": "unavailable", // I/O
  XX001: "home_damaged",
  XX002: "home_damaged",
};

const systemCodes: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** What Node says of a certificate or of TLS itself (https://nodejs.org/api/tls.html, X509 certificate error codes). */
const ofTls =
  /^(CERT_|DEPTH_ZERO_|ERR_SSL_|ERR_TLS_|HOSTNAME_MISMATCH|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/;

const isOfTls = (error: unknown): boolean =>
  ofTls.test(stateOf(error) ?? "") || /does not support SSL/.test(String(error));

const sentences: Partial<Record<ErrorCode, string>> = {
  disk_full: "the database has no space left",
  home_damaged: "the database is damaged",
  not_found: "there is no database of that name",
  not_writable: "the database's role may not do that",
  unauthorized: "the database does not accept the role or its password",
  unavailable: "the database cannot be reached or does not answer",
};

/** Two transactions stood in each other's way and this one was undone: the same again may succeed. */
export const isCollision = (error: unknown): boolean => {
  const state = stateOf(error);
  return state === "40001" || state === "40P01";
};

/** The code that an error of the database or of the way to it stands for; undefined for a statement's own fault. */
export function storageCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || error instanceof MeshError) return undefined;
  if (isOfTls(error)) return "unavailable";
  const state = stateOf(error);
  if (state === undefined) return isOfDriver(error) ? "unavailable" : undefined;
  if (systemCodes.has(state)) return "unavailable";
  return sqlStates[state] ?? (state.length === 5 ? sqlStates[state.slice(0, 2)] : undefined);
}

/** A storage error as a `MeshError`; anything else comes back as it is. The address is left out, since it may hold a password. */
export function storageError(error: unknown): unknown {
  const code = storageCode(error);
  if (isOfTls(error)) {
    return new MeshError("unavailable", `no TLS to the database: ${(error as Error).message}`, {
      hint: "the address takes ?sslmode=verify-full and &sslrootcert=<file with the root certificate>",
      cause: error,
    });
  }
  if (stateOf(error) === "ENOENT" && (error as NodeJS.ErrnoException).syscall === "open") {
    const { path } = error as NodeJS.ErrnoException;
    return new MeshError(
      "not_found",
      `the database's address names a file that is not there: ${path}`,
      {
        cause: error,
      },
    );
  }
  return code === undefined
    ? error
    : new MeshError(code, sentences[code] ?? code, { cause: error });
}

function stateOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}

/** The driver's own errors have no code: a connection that ended, a wait that was over. */
const isOfDriver = (error: Error): boolean =>
  error.name === "Error" &&
  /^(Connection terminated|Client has encountered|Client was closed|timeout (expired|exceeded)|Query read timeout)/i.test(
    error.message,
  );
