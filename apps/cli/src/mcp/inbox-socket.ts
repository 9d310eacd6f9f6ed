import { createConnection } from "node:net";

/** The inbox socket of an agent session, as its environment names it. */
export interface InboxSocket {
  readonly path: string;
  readonly token: string | undefined;
}

/** What is posted: text as the model is to see it, and who it says it is from. */
export interface InboxPost {
  readonly id: string;
  readonly text: string;
  /** whose messages they are, for the one line that the person sees */
  readonly from: string;
}

/** How long connecting and writing may take; what is not taken by then counts as not handed over. */
const patienceMs = 2_000;

/** The first release of the agent whose sessions have this socket. Later ones are tried: what they refuse goes by another way. */
const since = [2, 1, 224] as const;

/** Whether an agent of this name and version has the socket, by what it says of itself. */
export function hasInboxSocket(agent: {
  readonly name: string;
  readonly version: string;
}): boolean {
  if (agent.name !== "claude-code") return false;
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec(agent.version);
  if (found === null) return false;
  const version = found.slice(1).map(Number);
  for (const [i, least] of since.entries()) {
    const part = version[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** The socket that this process's agent has put into its environment; undefined where it has none. */
export function inboxSocketOf(
  env: Readonly<Record<string, string | undefined>>,
): InboxSocket | undefined {
  const path = env.CLAUDE_CODE_MESSAGING_SOCKET;
  return path ? { path, token: env.CLAUDE_CODE_MESSAGING_TOKEN } : undefined;
}

/** Whether somebody listens there now. */
export const probeInbox = ({ path }: InboxSocket): Promise<boolean> =>
  exchange(path, "").then(
    () => true,
    () => false,
  );

/** Posts to a session's inbox. Settles when the other side has taken every byte; rejects when it did not take the whole message. */
export const postToInbox = (socket: InboxSocket, post: InboxPost): Promise<void> =>
  exchange(socket.path, linesOf(socket, post));

function linesOf({ token }: InboxSocket, { id, text, from }: InboxPost): string {
  const content = `<cross-session-message from="uds:claudemesh" from-name="${attribute(from)}">\n${text}\n</cross-session-message>`;
  const lines: object[] = token === undefined ? [] : [{ type: "auth", token }];
  // `next` waits for the next tool boundary; what comes at once would cut into a running tool call.
  lines.push({
    type: "user",
    message: { role: "user", content },
    from: "uds:claudemesh",
    msg_id: id,
    priority: "next",
  });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A name that cannot end its attribute or look like markup. */
const attribute = (name: string): string =>
  name.replaceAll(/[^\p{L}\p{N} .,_-]/gu, "").slice(0, 80) || "claudemesh";

function exchange(path: string, lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let isTaken = false;
    const late = setTimeout(() => {
      // It holds the connection open: the bytes are with it all the same.
      socket.destroy(isTaken ? undefined : new Error("the inbox socket takes too long"));
    }, patienceMs);
    socket.on("connect", () => {
      socket.end(lines, () => (isTaken = true));
      socket.resume();
    });
    let failure: Error | undefined;
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      clearTimeout(late);
      if (failure === undefined && isTaken) resolve();
      else reject(failure ?? new Error("the inbox socket closed early"));
    });
  });
}
