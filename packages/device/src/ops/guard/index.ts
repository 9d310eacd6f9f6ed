export { release } from "./release.ts";
export { set } from "./set.ts";
export { status } from "./status.ts";
