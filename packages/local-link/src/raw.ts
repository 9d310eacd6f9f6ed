// For programs that must start fast: no schemas, nothing of the protocol, and a few lines of HTTP in place of node:http, which takes milliseconds to load.
import { connect } from "node:net";
import { localHost } from "./paths.ts";

export { localHost } from "./paths.ts";
export { socketOf } from "./socket-of.ts";
export type { SocketPlace } from "./socket-path.ts";

/** More than any hook may print. */
const mostAnswerBytes = 1024 * 1024;
const mostHeadBytes = 16 * 1024;
const headEnd = "\r\n\r\n";

/**
 * Posts JSON to a daemon's socket and answers the body of a 200. Rejects when nothing listens there, at any other status, and when it takes longer than
 * `timeoutMs`.
 */
export const postRaw = (
  socketPath: string,
  path: string,
  body: unknown,
  timeoutMs: number,
): Promise<string> => ask(socketPath, requestOf("POST", path, JSON.stringify(body)), timeoutMs);

/** Gets a path of a daemon's socket, as `postRaw` posts. */
export const getRaw = (socketPath: string, path: string, timeoutMs: number): Promise<string> =>
  ask(socketPath, requestOf("GET", path, ""), timeoutMs);

const requestOf = (method: "GET" | "POST", path: string, body: string): string =>
  [
    `${method} ${path} HTTP/1.1`,
    `host: ${localHost}`,
    "connection: close",
    ...(body === ""
      ? []
      : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
    "",
    body,
  ].join("\r\n");

function ask(socketPath: string, request: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const late = setTimeout(() => end(new Error("the daemon takes too long")), timeoutMs);
    const end = (outcome: Error | string) => {
      clearTimeout(late);
      socket.destroy();
      if (typeof outcome === "string") resolve(outcome);
      else reject(outcome);
    };
    let got: Buffer = Buffer.alloc(0);
    socket.on("error", end);
    socket.on("end", () => end(new Error("the daemon ended before it answered")));
    socket.on("data", (part: Buffer) => {
      got = got.length === 0 ? part : Buffer.concat([got, part]);
      const outcome = answerIn(got);
      if (outcome !== undefined) end(outcome);
    });
    socket.write(request);
  });
}

/** The body of a whole answer, what is wrong with it, or undefined while more must come. */
function answerIn(got: Buffer): Error | string | undefined {
  const at = got.indexOf(headEnd);
  if (at < 0) return got.length > mostHeadBytes ? new Error("that is no daemon") : undefined;
  const head = got.toString("latin1", 0, at);
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(head) ?? [];
  if (status !== "200") return new Error(`the daemon answers HTTP ${status}`);
  const size = Number(/\r\ncontent-length: *(\d{1,9})\s*(?:\r|$)/i.exec(head)?.[1] ?? Number.NaN);
  if (Number.isNaN(size)) return new Error("the daemon does not say how long its answer is");
  if (size > mostAnswerBytes) return new Error("the daemon's answer is too long");
  const from = at + headEnd.length;
  return got.length < from + size ? undefined : got.toString("utf8", from, from + size);
}
