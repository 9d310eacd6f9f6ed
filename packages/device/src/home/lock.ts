// The part of a home that a process needs before it decides to open a device: no cryptography, no store.
export { ensureHome } from "./ensure-home.ts";
export { type OsLock, takeOsLock } from "./os-lock.ts";
