import type { ErrorBody } from "@claudemesh/protocol";
import { MeshError } from "@claudemesh/protocol/light";
import { paths } from "./paths.ts";
import { LinkLost, SocketClient } from "./socket-client.ts";
import { socketOf } from "./socket-of.ts";
import type { SocketPlace } from "./socket-path.ts";
import type { Hello } from "./status.ts";

/** What a started daemon process says before it lets go of whoever started it: that it serves, that another one does, or why it ended. */
export type StartReport =
  | { readonly is: "ready" | "taken" }
  | { readonly is: "failed"; readonly error: ErrorBody };

export interface DaemonAccess {
  readonly place: SocketPlace;
  /** this program's version: a daemon of another one is asked to end, and replaced */
  readonly version: string;
  /** header fields of every request */
  readonly headers: Readonly<Record<string, string>>;
  /** Starts a daemon process for this home, detached and without any of this one's streams; settles with its report. Absent: only one that runs is used. */
  readonly spawn?: () => Promise<StartReport>;
}

type Greeting = Pick<Hello, "version" | "home">;

/** A daemon answers at once; on a machine that has much else to do it may be a while until it runs. */
const helloMs = 15_000;
const mostTries = 5;

/** A connection to this home's daemon, started where there is none and `spawn` is given; undefined without. Throws what kept the daemon from starting. */
export async function openDaemon(access: DaemonAccess): Promise<SocketClient | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const client = new SocketClient({
      socketPath: socketOf(access.place),
      headers: access.headers,
    });
    const hello = await greet(client, access);
    if (hello !== undefined && hello.version === access.version) return client;
    if (hello !== undefined) await endOther(client);
    client.close();
    if (access.spawn === undefined) return undefined;
    const report = await access.spawn();
    if (report.is === "failed") {
      throw MeshError.fromBody(report.error);
    }
  }
  throw new MeshError("unavailable", "the daemon of this home does not stay up", {
    hint: "look with claudemesh daemon logs, or run it with --no-daemon",
  });
}

/** What the daemon says of itself; undefined where none listens. */
async function greet(client: SocketClient, { place }: DaemonAccess): Promise<Greeting | undefined> {
  let hello: Greeting;
  try {
    const { method, path } = paths.hello;
    hello = greetingIn((await client.ask(method, path, {}, helloMs)).value);
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error;
    if (error.code === "EACCES" || error.code === "EPERM") throw notPermitted(error);
    if (error.wasSent && error.code === "ABORT_ERR") throw silent(error);
    return undefined;
  }
  if (hello.home === place.home) return hello;
  throw new MeshError("in_use", `the daemon of ${hello.home} listens where this home's would`, {
    hint: "give this home a shorter path with CLAUDEMESH_HOME",
  });
}

/** Judged by hand: a verb loads no schemas. Throws `malformed`. */
function greetingIn(value: unknown): Greeting {
  const { version, home } = (value ?? {}) as { version?: unknown; home?: unknown };
  if (typeof version === "string" && typeof home === "string") return { version, home };
  throw new MeshError("malformed", "hello: that is not what a daemon says of itself");
}

/** Asks a daemon of another version to end. The next one waits for the home's lock. */
async function endOther(client: SocketClient): Promise<void> {
  try {
    const { method, path } = paths.stop;
    await client.ask(method, path, {}, helloMs);
  } catch (error) {
    if (!(error instanceof LinkLost)) throw error;
  }
}

const notPermitted = (cause: LinkLost): MeshError =>
  new MeshError("not_writable", "this user may not connect to the daemon of this home", {
    hint: "run it as the user whose home this is",
    cause,
  });

const silent = (cause: LinkLost): MeshError =>
  new MeshError("unavailable", "the daemon of this home runs and does not answer", {
    hint: "restart it with claudemesh daemon restart",
    cause,
  });
