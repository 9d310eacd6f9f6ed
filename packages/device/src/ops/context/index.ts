export { get } from "./get.ts";
export { list } from "./list.ts";
export { share } from "./share.ts";
