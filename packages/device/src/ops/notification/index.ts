export { list } from "./list.ts";
export { read } from "./read.ts";
