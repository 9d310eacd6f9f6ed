import { setFlagsFromString } from "node:v8";

/**
 * Has V8 weigh the memory of buffers together with its heap, from a process's first transfer on. By its own rule it marks the whole heap whenever some 30 MB of buffers have come
 * since the last time, which was half of what a download cost.
 */
export const weighBuffers = (): void =>
  setFlagsFromString("--external-memory-accounted-in-global-limit");
