export { list } from "./list.ts";
export { read } from "./read.ts";
export { share } from "./share.ts";
export { shared } from "./shared.ts";
export { unshare } from "./unshare.ts";
