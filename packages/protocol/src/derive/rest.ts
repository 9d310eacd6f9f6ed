import type { AnyOp } from "../op.ts";

export interface RestRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** path parameters stand in braces and are input fields */
  readonly path: string;
  readonly params: readonly string[];
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** The REST route of an operation: its own, or `POST /v1/ops/<name>`. Throws on a declaration whose `rest` is not `"METHOD /path"`. */
export function restRoute(declared: AnyOp): RestRoute {
  const text = declared.rest ?? `POST /v1/ops/${declared.name}`;
  const [verb, path] = text.split(" ");
  const method = methods.find((known) => known === verb);
  if (!method || !path?.startsWith("/"))
    throw new TypeError(`${declared.name}: bad rest "${text}"`);
  const params = [...path.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1] as string);
  return { method, path, params };
}
