export { create } from "./create.ts";
export { info } from "./info.ts";
export { leave } from "./leave.ts";
export { list } from "./list.ts";
export { ping } from "./ping.ts";
export { rename } from "./rename.ts";
export { settings } from "./settings.ts";
export { templates } from "./templates.ts";
