export { list } from "./list.ts";
export { tail } from "./tail.ts";
export { verify } from "./verify.ts";
