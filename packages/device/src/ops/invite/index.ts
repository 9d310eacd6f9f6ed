export { claim } from "./claim.ts";
export { create } from "./create.ts";
export { list } from "./list.ts";
export { preview } from "./preview.ts";
export { revoke } from "./revoke.ts";
