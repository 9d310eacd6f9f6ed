export { join } from "./join.ts";
export { leave } from "./leave.ts";
export { list } from "./list.ts";
