/** What a compose file says: maps, lists and texts. */
export type Said = string | readonly Said[] | { readonly [key: string]: Said };

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Reads the part of YAML that the files of deploy/ are written in: blocks, lists of one line, quoted texts, one level of anchors. Throws on anything else. */
export function parseCompose(text: string): { readonly [key: string]: Said } {
  const lines = text.split("\n").flatMap((line): Line[] => {
    const said = line.replace(/(^|\s)#.*$/, "").trimEnd();
    if (said.includes("\t")) throw new Error(`a tab: ${line}`);
    return said === "" ? [] : [{ indent: said.search(/\S/), text: said.trim() }];
  });
  const anchors = new Map<string, Said>();
  const read = blockOf(lines, anchors);
  if (typeof read === "string" || Array.isArray(read)) throw new Error("it is no map");
  return read as { readonly [key: string]: Said };
}

function blockOf(lines: readonly Line[], anchors: Map<string, Said>): Said {
  const [first] = lines;
  if (first === undefined) return "";
  const starts = lines.flatMap(({ indent }, at) => (indent === first.indent ? [at] : []));
  const parts = starts.map((at, n) => lines.slice(at, starts[n + 1]));
  if (first.text.startsWith("- ")) {
    return parts.map(([line, ...more]) => {
      if (line === undefined || more.length > 0) throw new Error(`not one line: ${line?.text}`);
      return textOf(line.text.slice(2));
    });
  }
  const entries = parts.map(([line, ...inner]): [string, Said] => {
    const [, key, , anchor, value = ""] =
      /^([\w.-]+):( &(\w+))?(?: (.+))?$/.exec(line?.text ?? "") ?? [];
    if (key === undefined) throw new Error(`no key: ${line?.text}`);
    if (value !== "" && inner.length > 0) throw new Error(`two values: ${key}`);
    const said = value === "" ? blockOf(inner, anchors) : saidBy(value, anchors);
    if (anchor !== undefined) anchors.set(anchor, said);
    return [key, said];
  });
  const read = Object.fromEntries(entries);
  if (Object.keys(read).length < entries.length) throw new Error("a key stands twice");
  return read;
}

function saidBy(text: string, anchors: ReadonlyMap<string, Said>): Said {
  const alias = /^\*(\w+)$/.exec(text)?.[1];
  if (alias !== undefined) {
    const said = anchors.get(alias);
    if (said === undefined) throw new Error(`no anchor ${alias}`);
    return said;
  }
  const list = /^\[(.*)\]$/.exec(text)?.[1];
  return list === undefined ? textOf(text) : list.split(", ").map(textOf);
}

function textOf(text: string): string {
  const quoted = /^"([^"\\]*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  if (/^[[{&*!|>'"%@`]/.test(text)) throw new Error(`not read here: ${text}`);
  return text;
}
