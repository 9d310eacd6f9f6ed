import type { Written } from "@claudemesh/protocol";

type Input = Written["input"];

/** A text of a write's input; empty where it is none. */
export const textIn = (input: Input, field: string): string => {
  const value = input[field];
  return typeof value === "string" ? value : "";
};

/** As an optional field of an answer: left out where the input has none. */
export const optionalText = <F extends string>(input: Input, field: F): { [K in F]?: string } =>
  (typeof input[field] === "string" ? { [field]: input[field] } : {}) as { [K in F]?: string };

/** The texts of a list in a write's input. */
export const textsIn = (input: Input, field: string): string[] => {
  const value = input[field];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
};
