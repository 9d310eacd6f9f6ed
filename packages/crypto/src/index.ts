export * from "./sodium.ts";
