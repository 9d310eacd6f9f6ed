import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { keepPipe, type PipeInfo, type PipeLine } from "./daemon-pipe.ts";
import { hasInboxSocket, inboxSocketOf, postToInbox, probeInbox } from "./inbox-socket.ts";
import { notificationLine } from "./json-rpc.ts";
import { KnownSkills } from "./known-skills.ts";
import { type ClientInfo, McpServer, type ToolSet } from "./mcp-server.ts";
import type { SkillSet } from "./skill-set.ts";
import { transcriptOf } from "./transcript-of.ts";
import { withNews } from "./with-news.ts";

/** What the push-pipe touches; `bin/` makes the real one. */
export interface McpHost {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** the agent's process, whose child this is */
  readonly parent: number;
  readonly userFolder: string;
  readonly version: string;
  /** the daemon's socket, and the one name under which it answers */
  readonly socketPath: () => string;
  readonly localHost: string;
  readonly timer: (ms: number, fn: () => void) => () => void;
  readonly startDaemon: () => Promise<unknown>;
  readonly post: (path: string, body: unknown) => Promise<string>;
  /** names this run, where the agent names no session */
  readonly nonce: string;
  readonly tools: (agentSession: string) => ToolSet;
  /** loaded once there are any */
  readonly skills: (agentSession: string) => Promise<SkillSet>;
  /** tells of every change of which tools there are, until it is stopped */
  readonly watchTools: (changed: () => void) => () => void;
  readonly signal: AbortSignal;
}

const donePath = "/v1/agent/pipe/done";
const newsPath = "/v1/agent/news";

/**
 * Serves one agent session over standard input and output until either ends: MCP in front, behind it the pipe by which the daemon's deliveries reach the session. Never
 * writes anything but protocol to standard output.
 */
export async function runMcp(host: McpHost): Promise<void> {
  const over = new AbortController();
  const end = () => over.abort();
  host.signal.addEventListener("abort", end, { once: true });
  const write = writer(host.stdout, end);
  const agentSession = host.env.CLAUDE_CODE_SESSION_ID ?? `mcp-${host.parent}-${host.nonce}`;
  const skills = new KnownSkills(
    () => host.skills(agentSession),
    () => {
      void write(notificationLine("notifications/prompts/list_changed"));
      void write(notificationLine("notifications/resources/list_changed"));
    },
  );
  const piping = Promise.withResolvers<void>();
  let isIntroduced = false;
  const introduced = (client: ClientInfo) => {
    if (isIntroduced) return;
    isIntroduced = true;
    const unwatch = host.watchTools(() => {
      void write(notificationLine("notifications/tools/list_changed"));
    });
    over.signal.addEventListener("abort", unwatch, { once: true });
    keep(host, { client, agentSession, skills, write, signal: over.signal }).then(piping.resolve);
  };
  const server = new McpServer({
    version: host.version,
    tools: withNews(host.tools(agentSession), () => host.post(newsPath, { agentSession })),
    skills: () => skills.set(),
    write,
    onClient: introduced,
  });
  const lines = createInterface({ input: host.stdin });
  // Each line is answered by itself: a slow tool holds up no other.
  lines.on("line", (line) => void server.take(line));
  lines.on("close", end);
  lines.on("error", end);
  if (!over.signal.aborted) {
    await new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve()));
  }
  lines.close();
  if (isIntroduced) await piping.promise;
}

interface Kept {
  readonly client: ClientInfo;
  readonly agentSession: string;
  readonly skills: KnownSkills;
  readonly write: (line: string) => Promise<void>;
  readonly signal: AbortSignal;
}

async function keep(
  host: McpHost,
  { client, agentSession, skills, write, signal }: Kept,
): Promise<void> {
  const socket = inboxSocketOf(host.env);
  const info = async (): Promise<PipeInfo> => ({
    agentSession,
    agent: client.name === "" ? "unknown" : client.name,
    pid: host.parent,
    cwd: host.env.CLAUDE_PROJECT_DIR ?? host.cwd,
    can: {
      inboxSocket: socket !== undefined && hasInboxSocket(client) && (await probeInbox(socket)),
      channel: host.env.CLAUDEMESH_CHANNEL === "1",
    },
    ...transcriptOf(host, agentSession),
    ...(host.env.CLAUDEMESH_NEWS ? { news: host.env.CLAUDEMESH_NEWS } : {}),
    ...(host.env.CLAUDEMESH_MESH ? { mesh: host.env.CLAUDEMESH_MESH } : {}),
  });
  const deliver = async (line: Extract<PipeLine, { type: "deliver" }>) => {
    const { delivery, way, text, meta } = line;
    try {
      if (way === "channel") await write(channelLine(delivery, text, meta));
      else if (socket === undefined) throw new Error("the session has no inbox socket");
      else await postToInbox(socket, { id: delivery, text, from: meta.from ?? "" });
      await host.post(donePath, { delivery, ok: true });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      // Without an answer the daemon counts it as in doubt.
      await host
        .post(donePath, { delivery, ok: false, error: said.slice(0, 1_000) })
        .catch(() => {});
    }
  };
  await keepPipe({
    socketPath: host.socketPath,
    host: host.localHost,
    info,
    onLine: (line) => {
      if (line.type === "deliver") void deliver(line);
      if (line.type === "skills") skills.heard(line.count);
    },
    // Why it did not start is in its own log; the pipe tries again.
    startDaemon: () =>
      host.startDaemon().then(
        () => {},
        () => {},
      ),
    timer: host.timer,
    signal,
  });
}

/** A channel event; its metadata may hold texts under plain names only. */
const channelLine = (id: string, text: string, meta: Readonly<Record<string, string>>): string =>
  notificationLine("notifications/claude/channel", {
    content: text,
    meta: { delivery: id, from: meta.from ?? "" },
  });

/** Writes one line at a time and waits for the pipe; a pipe that is gone ends everything. */
function writer(stdout: Writable, end: () => void): (line: string) => Promise<void> {
  stdout.on("error", end);
  return (line) =>
    new Promise((resolve, reject) => {
      stdout.write(line, (error) => (error ? reject(error) : resolve()));
    });
}
