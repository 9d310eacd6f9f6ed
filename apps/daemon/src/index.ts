export type { DaemonContext } from "./daemon-context.ts";
export { logName } from "./log/rotating-log.ts";
export { type Daemon, type DaemonOptions, startDaemon } from "./start-daemon.ts";
