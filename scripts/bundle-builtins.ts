/**
 * Takes Node's own modules from the process in place of importing them. An `import` reads all that a module exports, which loads what it exports lazily: of
 * node:http Node's fetch and WebSocket, 40 ms of processor time, and of node:fs its streams.
 */
export function withoutBuiltinImports(code: string): string {
  const taken: string[] = [];
  const rest = code.replaceAll(statement, (_, before: string, names: string, from: string) => {
    const source = `process.getBuiltinModule("${from}")`;
    const at = names.indexOf("{");
    const own = at < 0 ? names : names.slice(0, at);
    const braced = at < 0 ? undefined : names.slice(at);
    const whole = own
      .replace(/,\s*$/, "")
      .replace(/^\s*\*\s*as\s+/, "")
      .trim();
    if (whole !== "") taken.push(`const ${whole}=${source};`);
    if (braced !== undefined) taken.push(`const ${braced.replaceAll(/\s+as\s+/g, ":")}=${source};`);
    return before;
  });
  const head = /^#!.*\n/.exec(rest)?.[0] ?? "";
  if (/\btypeof require\b/.test(rest)) taken.unshift(requireBuiltin);
  return head + taken.join("") + rest.slice(head.length);
}

/** CommonJS parts (ws) ask for Node's own modules by `require`, and try for others that are not here. */
const requireBuiltin =
  'const require=(name)=>{const found=process.getBuiltinModule(name);if(found===undefined)throw new Error("there is no module "+name);return found};';

const statement = /(^|[;\n])import\s*([\w$*{][^;"']*?)\s*from\s*"(node:[\w/]+)"/g;
