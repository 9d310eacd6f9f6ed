export { frameMessages } from "./frame-messages.ts";
export type { FramedItem, FrameOptions } from "./item.ts";
export { neutralise } from "./neutralise.ts";
