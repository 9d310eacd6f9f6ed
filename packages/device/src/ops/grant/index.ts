export { block } from "./block.ts";
export { list } from "./list.ts";
export { revoke } from "./revoke.ts";
export { set } from "./set.ts";
export { unblock } from "./unblock.ts";
