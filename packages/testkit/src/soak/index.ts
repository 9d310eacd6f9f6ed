export { type SoakOptions, type SoakResult, soak } from "./soak.ts";
