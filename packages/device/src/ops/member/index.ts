export { list } from "./list.ts";
export { update } from "./update.ts";
