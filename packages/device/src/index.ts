export type { DeviceOptions } from "./build-context.ts";
export { type Device, openDevice } from "./device.ts";
export type { DeviceHandler, DeviceHandlers } from "./handler.ts";
export type { Log } from "./home/home-folder.ts";
export type { Whoami } from "./whoami.ts";
