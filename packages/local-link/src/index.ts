export type { HookBody, PipeBody, PipeDone } from "./agent-bodies.ts";
export { type RouteInput, type RouteName, type RouteOutput, routes } from "./contract.ts";
export { isRunning } from "./is-running.ts";
export { type DaemonAccess, openDaemon, type StartReport } from "./open-daemon.ts";
export { headers, localHost, mostBodyBytes, opsPath } from "./paths.ts";
export {
  LinkLost,
  type LocalClient,
  type LocalClientOptions,
  SocketClient,
} from "./socket-client.ts";
export { type SocketDevice, type SocketDeviceParts, socketDevice } from "./socket-device.ts";
export { socketNote, socketOf } from "./socket-of.ts";
export { nameOf, type SocketPlace, socketPathOf } from "./socket-path.ts";
export { DaemonStatus, Hello } from "./status.ts";
