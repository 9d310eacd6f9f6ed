import type { Device } from "@claudemesh/device";
import { headers, openDaemon, socketDevice } from "@claudemesh/local-link/light";
import type { Host } from "../host.ts";

/** Whether a daemon may be started for a verb. */
export interface HomeWish {
  readonly daemon: boolean;
}

/**
 * This home's device: the daemon's, which is started where none runs; in this process where none may be. A home has one device at a time, so one that runs is
 * used in any case. `warn` hears what a person should know beside the answer.
 */
export async function openHome(
  host: Host,
  warn: (text: string) => void,
  { daemon: mayStart }: HomeWish = { daemon: true },
): Promise<Device> {
  const { daemon } = host;
  if (daemon !== undefined) {
    const start = mayStart && host.env.CLAUDEMESH_DAEMON !== "off";
    const access = {
      place: daemon.place,
      version: host.version,
      headers: headersOf(host),
      ...(start ? { spawn: daemon.spawn } : {}),
    };
    const client = await openDaemon(access);
    if (client !== undefined) {
      return socketDevice({ client, reopen: () => openDaemon(access), warn, timer });
    }
  }
  const { openDevice } = await import("@claudemesh/device");
  return openDevice({
    home: host.home,
    now: host.now,
    random: host.random,
    defaultName: host.userName,
    ...(host.env.CLAUDEMESH_BROKER ? { defaultBroker: host.env.CLAUDEMESH_BROKER } : {}),
    client: `claudemesh-cli/${host.version}`,
    agentSession: agentSessionOf(host),
    trace: traceOf(host),
    log: (level, message) => {
      if (level === "warn") warn(`warning: ${message}`);
    },
  });
}

const timer = (ms: number, fn: () => void): (() => void) => {
  const handle = setTimeout(fn, ms);
  return () => clearTimeout(handle);
};

/** Set by the agent in whose shell this runs. */
const agentSessionOf = ({ env }: Host): string | undefined =>
  env.CLAUDECODE === "1" ? env.CLAUDE_CODE_SESSION_ID || undefined : undefined;

/** Where the trace of whoever runs this stands, such as that of a build's step. */
const traceOf = ({ env }: Host): string | undefined =>
  /^[\da-f-]{55,200}$/.test(env.TRACEPARENT ?? "") ? env.TRACEPARENT : undefined;

function headersOf(host: Host): Record<string, string> {
  const { run, userName, env } = host;
  const agentSession = agentSessionOf(host);
  const trace = traceOf(host);
  return {
    [headers.reader]: run,
    [headers.name]: encodeURIComponent(userName),
    ...(agentSession ? { [headers.session]: encodeURIComponent(agentSession) } : {}),
    ...(env.CLAUDEMESH_BROKER
      ? { [headers.broker]: encodeURIComponent(env.CLAUDEMESH_BROKER) }
      : {}),
    ...(trace ? { [headers.trace]: trace } : {}),
  };
}
