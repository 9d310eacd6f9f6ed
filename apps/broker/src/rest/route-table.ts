import {
  type AnyOp,
  MeshError,
  ops,
  type RestStream,
  restRoute,
  restStreams,
  type WireOpName,
  wireOpNames,
} from "@claudemesh/protocol";

/** What a path leads to: an operation, or a stream of events. */
export type RestTarget =
  | { readonly kind: "op"; readonly name: WireOpName; readonly declared: AnyOp }
  | { readonly kind: "stream"; readonly declared: RestStream };

export interface FoundRoute {
  readonly target: RestTarget;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly target: RestTarget;
}

const routes: readonly Route[] = [
  ...wireOpNames.map((name): Route => {
    const declared: AnyOp = ops[name];
    const { method, path } = restRoute(declared);
    return { method, segments: path.split("/"), target: { kind: "op", name, declared } };
  }),
  ...restStreams.map(
    (declared): Route => ({
      method: "GET",
      segments: declared.path.split("/"),
      target: { kind: "stream", declared },
    }),
  ),
];

const bySize = Map.groupBy(routes, ({ segments }) => segments.length);

/** Finds what a request is for, by the declarations alone. Throws `not_found`; answers the allowed methods where only the method is wrong. */
export function findRoute(method: string, path: string): FoundRoute | { readonly allow: string } {
  const said = path.split("/").map(decoded);
  const fits = (bySize.get(said.length) ?? []).filter(({ segments }) =>
    segments.every((segment, at) => isParam(segment) || segment === said[at]),
  );
  const asked = method === "HEAD" ? "GET" : method;
  const route = fits.find((one) => one.method === asked);
  if (route !== undefined) {
    const params = route.segments.flatMap((segment, at) =>
      isParam(segment) ? [[segment.slice(1, -1), said[at] ?? ""]] : [],
    );
    return { target: route.target, method: route.method, params: Object.fromEntries(params) };
  }
  if (fits.length > 0) return { allow: fits.map((one) => one.method).join(", ") };
  throw new MeshError("not_found", "there is nothing at that path", {
    hint: "what there is: GET /v1/openapi.json",
  });
}

const isParam = (segment: string): boolean => segment.startsWith("{");

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new MeshError("malformed", "path: not percent-encoded UTF-8");
  }
}
