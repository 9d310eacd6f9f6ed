import { type ClientRequest, request } from "node:http";
import { createInterface } from "node:readline";

/** What the daemon sends down the pipe. */
export type PipeLine =
  | {
      readonly type: "deliver";
      readonly delivery: string;
      readonly way: "inbox_socket" | "channel";
      readonly text: string;
      readonly meta: Readonly<Record<string, string>>;
    }
  /** how many skills there are for this session */
  | { readonly type: "skills"; readonly count: number }
  | { readonly type: "ping" };

/** Who is at the agent's end, as the daemon is told. */
export interface PipeInfo {
  readonly agentSession: string;
  readonly agent: string;
  readonly pid: number;
  readonly cwd: string;
  readonly can: { readonly inboxSocket: boolean; readonly channel: boolean };
  readonly transcript?: string;
  readonly mesh?: string;
  /** what its environment says that the session is to be told of */
  readonly news?: string;
}

export interface PipeParts {
  /** asked for at every connection, as the daemon that runs then says */
  readonly socketPath: () => string;
  readonly host: string;
  /** asked for at every connection: what can be done may have changed */
  readonly info: () => Promise<PipeInfo>;
  readonly onLine: (line: PipeLine) => void;
  /** starts the daemon; settles when it serves, or did not come up */
  readonly startDaemon: () => Promise<void>;
  readonly timer: (ms: number, fn: () => void) => () => void;
  readonly signal: AbortSignal;
}

const path = "/v1/agent/pipe";
const firstPauseMs = 50;
const longestPauseMs = 5_000;
/** A daemon that is silent for so long, pings included, is gone. */
const silenceMs = 60_000;

/** Keeps the stream from the daemon open until the signal: connects again with a growing pause, and starts the daemon where nothing listens. Never rejects. */
export async function keepPipe(parts: PipeParts): Promise<void> {
  let pause = firstPauseMs;
  while (!parts.signal.aborted) {
    const ended = await stream(parts, await parts.info());
    if (parts.signal.aborted) return;
    pause = ended === "lost" ? firstPauseMs : Math.min(pause * 2, longestPauseMs);
    // What was seen before the start says nothing after it: it is not started again before it was asked again.
    if (ended === "absent") await orAborted(parts.signal, parts.startDaemon());
    await delay(parts, pause);
  }
}

/** How a stream ended: `lost` after it was open, `absent` where nothing listens, `refused` with anything else. */
type Ended = "lost" | "absent" | "refused";

function stream(parts: PipeParts, info: PipeInfo): Promise<Ended> {
  const { socketPath, host, signal } = parts;
  const text = JSON.stringify(info);
  return new Promise((resolve) => {
    const asked: ClientRequest = request({
      socketPath: socketPath(),
      path,
      method: "POST",
      agent: false,
      signal,
      headers: {
        host,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      },
    });
    asked.setTimeout(silenceMs, () => asked.destroy());
    asked.on("error", (error) => {
      const code = String((error as { code?: unknown }).code);
      resolve(["ENOENT", "ECONNREFUSED"].includes(code) ? "absent" : "refused");
    });
    asked.on("response", (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume();
        asked.destroy();
        return resolve("refused");
      }
      answer.on("error", () => resolve("lost"));
      answer.on("close", () => resolve("lost"));
      const lines = createInterface({ input: answer });
      // A daemon that is killed breaks the answer off; the reader of lines says so too.
      lines.on("error", () => resolve("lost"));
      lines.on("line", (line) => {
        const read = readPipeLine(line);
        if (read !== undefined) parts.onLine(read);
      });
    });
    asked.end(text);
  });
}

/** A line of the daemon's; undefined for one that this version does not know. */
function readPipeLine(line: string): PipeLine | undefined {
  try {
    const value = JSON.parse(line) as PipeLine;
    return ["deliver", "ping", "skills"].includes(value.type) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function orAborted(signal: AbortSignal, work: Promise<void>): Promise<void> {
  if (signal.aborted) return;
  const aborted = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => aborted.resolve(), { once: true });
  await Promise.race([work, aborted.promise]);
}

const delay = ({ timer, signal }: PipeParts, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const cancel = timer(ms, done);
    function done() {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
