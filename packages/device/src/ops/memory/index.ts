export { add } from "./add.ts";
export { del } from "./delete.ts";
export { list } from "./list.ts";
export { search } from "./search.ts";
