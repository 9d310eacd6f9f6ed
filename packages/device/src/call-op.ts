import {
  type AnyOp,
  type EdgeOpName,
  edgeInput,
  MeshError,
  type OpenInput,
  type OpenOutput,
  ops,
  parse,
  type WireOpName,
} from "@claudemesh/protocol";
import type { DeviceContext } from "./context.ts";
import { inEdgeWords } from "./edge-words.ts";
import type { DeviceHandler, HandledOp } from "./handler.ts";
import { handlers } from "./ops/index.ts";
import { askedMesh, targetMesh } from "./ops/target-mesh.ts";

const isHandled = (name: EdgeOpName): name is EdgeOpName & HandledOp =>
  Object.hasOwn(handlers, name);

/** Answers an operation: by its handler, or, where wire view and opened view are one, at the broker of the mesh that `mesh` names. Throws `malformed` for bad input. */
export async function callOp<N extends EdgeOpName>(
  ctx: DeviceContext,
  name: N,
  input: OpenInput<N>,
): Promise<OpenOutput<N>> {
  if (isHandled(name)) {
    const declared: AnyOp = ops[name];
    const handler = handlers[name] as unknown as DeviceHandler<N>;
    const schema = declared.open?.input;
    if (schema === undefined)
      throw new MeshError("internal", `${name} has a handler but no opened view`);
    const given = parse(schema, input, name) as Parameters<DeviceHandler<N>>[0];
    try {
      return await handler(given, ctx);
    } catch (error) {
      throw inEdgeWords(declared, error);
    }
  }
  const { mesh, ...wire } = parse(edgeInput(ops[name]), input ?? {}, name) as { mesh?: string };
  const { kind }: AnyOp = ops[name];
  const row = kind === "query" ? askedMesh(ctx, mesh) : targetMesh(ctx, mesh);
  const answer = await ctx.links.using(row, ({ client }) =>
    client.call(name as WireOpName, wire as never),
  );
  return answer as OpenOutput<N>;
}
