export { create } from "./create.ts";
export { del } from "./delete.ts";
export { list } from "./list.ts";
