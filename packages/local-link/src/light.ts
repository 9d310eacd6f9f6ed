// What a verb that goes through the daemon loads: no schema. `index.ts` has the rest.
export { isRunning } from "./is-running.ts";
export { type DaemonAccess, openDaemon, type StartReport } from "./open-daemon.ts";
export { headers, localHost } from "./paths.ts";
export { LinkLost, SocketClient } from "./socket-client.ts";
export { type SocketDevice, type SocketDeviceParts, socketDevice } from "./socket-device.ts";
export { socketOf } from "./socket-of.ts";
export { nameOf, type SocketPlace } from "./socket-path.ts";
