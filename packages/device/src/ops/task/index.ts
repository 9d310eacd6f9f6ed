export { cancel } from "./cancel.ts";
export { claim } from "./claim.ts";
export { complete } from "./complete.ts";
export { create } from "./create.ts";
export { list } from "./list.ts";
