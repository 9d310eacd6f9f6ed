export { deploy } from "./deploy.ts";
export { get } from "./get.ts";
export { list } from "./list.ts";
export { remove } from "./remove.ts";
export { share } from "./share.ts";
export { trust } from "./trust.ts";
export { untrust } from "./untrust.ts";
