export { create } from "./create.ts";
export { del } from "./delete.ts";
export { follow } from "./follow.ts";
export { list } from "./list.ts";
export { publish } from "./publish.ts";
export { subscribe } from "./subscribe.ts";
export { unsubscribe } from "./unsubscribe.ts";
