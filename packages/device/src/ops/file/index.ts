export { del } from "./delete.ts";
export { get } from "./get.ts";
export { grant } from "./grant.ts";
export { list } from "./list.ts";
export { progress } from "./progress.ts";
export { share } from "./share.ts";
export { status } from "./status.ts";
