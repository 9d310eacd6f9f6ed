export { link } from "./link.ts";
export { list } from "./list.ts";
export { revoke } from "./revoke.ts";
