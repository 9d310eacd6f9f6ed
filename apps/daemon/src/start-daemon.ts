import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { DeviceOptions } from "@claudemesh/device";
import type { OsLock } from "@claudemesh/device/lock";
import { type SocketPlace, socketNote } from "@claudemesh/local-link";
import { claimHome } from "./claim-home.ts";
import type { DaemonContext, Timer } from "./daemon-context.ts";
import { watchHome } from "./home-watch.ts";
import { type DaemonLog, RotatingLog } from "./log/rotating-log.ts";
import { noBroker, PersonalBroker, type StartBroker } from "./personal-broker.ts";

export interface DaemonOptions extends Omit<DeviceOptions, "home" | "log" | "timer"> {
  /** the home and where its socket goes */
  readonly place: SocketPlace;
  readonly version: string;
  readonly pid: number;
  readonly timer: Timer;
  readonly memory: DaemonContext["memory"];
  /** absent: this home has no broker of its own */
  readonly startBroker?: StartBroker;
}

/** A running daemon. */
export interface Daemon {
  readonly socketPath: string;
  readonly log: DaemonLog;
  /** settles with the reason when everything is closed and the home is free again */
  readonly ended: Promise<string>;
  /** Ends it: what was acknowledged is stored. */
  stop(reason?: string): Promise<string>;
}

/** Serves a home until it is stopped or its folder is gone; `taken` where another daemon of this version does already. Throws what opening the home throws. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon | "taken"> {
  const { place, version, now, timer } = options;
  const lock = await claimHome(place, version, { now, timer });
  if (lock === "taken") return "taken";
  try {
    return await serve(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function serve(options: DaemonOptions, lock: OsLock): Promise<Daemon> {
  const { place, version, pid, now, timer, memory } = options;
  const { home } = place;
  const logFile = new RotatingLog({ folder: join(home, "logs"), now });
  const { log } = logFile;
  // Loaded only by the one that holds the lock: a dozen that start at once do not all load it.
  const [
    { openDevice },
    { Readers },
    { createLocalServer },
    { listenAt },
    { Agents },
    { PeerCounts },
  ] = await Promise.all([
    import("@claudemesh/device"),
    import("./server/readers.ts"),
    import("./server/serve.ts"),
    import("./server/listen.ts"),
    import("./agents/agents.ts"),
    import("./presence/peer-counts.ts"),
  ]);
  const device = await openDevice({
    ...options,
    home,
    log: (level, message) => log(level, message),
  });
  const stopping = new AbortController();
  const ended = Promise.withResolvers<string>();
  const peers = new PeerCounts(device);
  peers.follow();
  const agents = new Agents({
    device,
    timer,
    now,
    log,
    hostName: hostname().split(".")[0] || "home",
    home,
    online: (mesh) => peers.names(mesh),
    stopping: stopping.signal,
  });
  const personal = new PersonalBroker({ home, start: options.startBroker ?? noBroker, timer, log });
  const ctx: DaemonContext = {
    device,
    agents,
    peers,
    personal,
    readers: new Readers(device),
    log,
    timer,
    now,
    home,
    version,
    pid,
    startedAt: now(),
    memory,
    stopping: stopping.signal,
    stop: (reason) => void begin(reason),
  };
  const server = createLocalServer(ctx);
  let unwatch = () => {};
  const begin = (reason: string): Promise<string> => {
    if (stopping.signal.aborted) return ended.promise;
    stopping.abort();
    unwatch();
    log("info", "ending", { reason });
    end(reason).then(() => ended.resolve(reason), ended.reject);
    return ended.promise;
  };
  const end = async (reason: string): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    try {
      await device.close();
    } catch (error) {
      // Of a home that is gone nothing can be written any more.
      if (reason !== homeGone) log("warn", `the device did not close cleanly: ${error}`);
    } finally {
      await personal.stop();
      server.closeIdleConnections();
      const cancel = timer(lastAnswersMs, () => server.closeAllConnections());
      await closed;
      cancel();
      if (reason !== homeGone) {
        rmSync(join(home, socketNote), { force: true });
        log("info", "ended");
      }
      logFile.end();
      lock.release();
    }
  };
  try {
    // First, so that the first verb after a start finds its own broker there.
    await personal.resume();
    const socketPath = await listenAt(server, place);
    unwatch = watchHome(home, timer, () => {
      logFile.end();
      void begin(homeGone);
    });
    device.listen((event) => {
      if (event.type !== "link") return;
      const { link, reason } = event.standing;
      log("info", `link ${link}`, { mesh: event.mesh.slice(0, 13), reason });
    });
    // It listens before anything is looked at: sessions may have ended meanwhile.
    agents
      .run()
      .catch((error) => log("warn", "messages are not handed to agents", { cause: `${error}` }));
    device.keepOnline();
    log("info", "serving", { pid, version });
    return { socketPath, log, ended: ended.promise, stop: (reason = "stopped") => begin(reason) };
  } catch (error) {
    await personal.stop();
    await device.close();
    logFile.end();
    throw error;
  }
}

const homeGone = "its home folder is gone";
/** How long callers may take to read their last answers. */
const lastAnswersMs = 1_000;
