import { connect, type Socket } from "node:net";

export interface RawAnswer {
  /** 0 when the line was closed without an answer */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly whole: string;
}

/** A socket to this machine; errors end it, as they end a client. */
export function openSocket(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  return socket;
}

/** Everything that comes until the other side hangs up. */
export async function untilClosed(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(parts).toString("latin1");
}

export function parseAnswer(whole: string): RawAnswer {
  // What only announces an answer is none.
  const [head = "", ...rest] = whole
    .replace(/^(HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, "")
    .split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status, headers, body: rest.join("\r\n\r\n"), whole };
}

/** Sends bytes as they are and half-closes; answers what came back until the broker hung up. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = openSocket(port);
  const closed = untilClosed(socket);
  socket.end(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  return parseAnswer(await closed);
}
