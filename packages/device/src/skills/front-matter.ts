import { MeshError } from "@claudemesh/protocol";

export interface FrontMatter {
  readonly fields: ReadonlyMap<string, string | string[]>;
  readonly body: string;
}

/**
 * Reads the front matter of a Markdown file: the part of YAML in which it is written. Keys with a text, plain or quoted, a list in brackets or in lines with dashes, or a
 * text in indented lines after `|` or `>`. Throws `malformed` for anything else, naming the line.
 */
export function readFrontMatter(text: string, path: string): FrontMatter {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  if (lines[0]?.trimEnd() !== "---")
    throw bad(path, 1, "expected front matter, which begins with ---");
  const end = lines.findIndex((line, at) => at > 0 && line.trimEnd() === "---");
  if (end === -1) throw bad(path, lines.length, "the front matter does not end with ---");
  const fields = new Map<string, string | string[]>();
  for (let at = 1; at < end; at++) {
    const line = lines[at] ?? "";
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const [, key = "", rest = ""] = /^([A-Za-z][A-Za-z0-9_-]{0,50}):(?:\s+(.*))?$/.exec(line) ?? [];
    if (key === "") throw bad(path, at + 1, "expected a key and a value");
    if (fields.has(key)) throw bad(path, at + 1, `${key} is there twice`);
    const below: string[] = [];
    while (at + 1 < end && /^(?:\s+\S|\s*$|- )/.test(lines[at + 1] ?? "")) {
      at += 1;
      below.push(lines[at] ?? "");
    }
    fields.set(key, readValue(rest.trim(), below));
  }
  return { fields, body: lines.slice(end + 1).join("\n") };
}

function readValue(rest: string, below: readonly string[]): string | string[] {
  const lines = below.map((line) => line.trim());
  if (/^[|>][+-]?$/.test(rest)) return lines.join(rest.startsWith("|") ? "\n" : " ").trim();
  const filled = lines.filter((line) => line !== "");
  if (rest === "" && filled.length > 0 && filled.every((line) => line.startsWith("-"))) {
    return filled.map((line) => scalar(line.slice(1).trim()));
  }
  const list = /^\[(.*)\]$/s.exec(rest);
  if (list && filled.length === 0) {
    return (list[1] ?? "")
      .split(",")
      .map((one) => scalar(one.trim()))
      .filter((one) => one !== "");
  }
  return scalar([rest, ...filled].join(" ").trim());
}

function scalar(text: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"(?:\s+#.*)?$/s.exec(text) ?? [];
  if (quoted !== undefined) {
    return quoted.replaceAll(
      /\\(.)/gs,
      (_whole, one: string) => ({ n: "\n", t: "\t" })[one] ?? one,
    );
  }
  const [, single] = /^'((?:[^']|'')*)'(?:\s+#.*)?$/s.exec(text) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  return text.replace(/\s+#.*$/s, "");
}

const bad = (path: string, line: number, what: string): MeshError =>
  new MeshError("malformed", `${path}: line ${line}: ${what}`);
