import { MeshError } from "@claudemesh/protocol";

const levels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof levels)[number];

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log; `event` says what happened in a few fixed words, `fields` with what. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly now: () => number;
  /** takes one line without its end */
  readonly write: (line: string) => void;
}

/** One JSON object per line. Whatever could be content, key, signature or token is blotted out, wherever it stands. */
export function createLogger({ level, now, write }: LoggerOptions): Logger {
  const at =
    (own: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (levels.indexOf(own) < levels.indexOf(level)) return;
      const time = new Date(now()).toISOString();
      const safe = redact(fields, 0) as LogFields;
      write(JSON.stringify({ time, level: own, event, ...safe }));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

const secretNames =
  /^(body|input|output|envelope|entry|blob|welcome|token|cursor|sig|signature|key|secret|challenge|proof|text)$/i;
const publicId = /^((mesh|mbr)_[0-9a-f]{64}|[a-z]{2,5}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const longest = 500;

/** Keys, signatures, tokens and ciphertext are all long runs of base64url; ids are told apart by their form. */
const blot = (value: string): string =>
  value
    .slice(0, longest)
    .replace(/[A-Za-z0-9_-]{40,}/g, (run) => (publicId.test(run) ? run : "[redacted]"));

function redact(value: unknown, depth: number): unknown {
  if (typeof value === "string") return blot(value);
  if (value instanceof Error) return describeError(value, depth);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 4) return "[deep]";
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretNames.test(name) ? "[redacted]" : redact(inner, depth + 1),
    ]),
  );
}

/** A parser's message quotes what it parsed, so a `SyntaxError` keeps its place in the code only. */
function describeError(error: Error, depth: number): LogFields {
  const frames = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    name: error.name,
    ...(error instanceof MeshError ? { code: error.code } : {}),
    message: error instanceof SyntaxError ? "[redacted]" : blot(error.message),
    stack: frames.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined || depth > 3 ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
