import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const root = dirname(dirname(import.meta.dirname));

export interface Source {
  /** path from the repository's root, with forward slashes */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

const isOurs = (path: string): boolean =>
  !path.includes("node_modules") && !path.split("/").includes("generated");

/** Every TypeScript and JavaScript file of ours that matches, with its text. */
export const sources = (pattern: string): readonly Source[] =>
  globSync(pattern, { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .filter(isOurs)
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, lines: text.split("\n").length - 1 };
    });

/** Tests and what only tests and `npm run gen` use: the testkit, fixtures, helpers under `testing/`, makers of vectors. */
export const isTest = (path: string): boolean =>
  /\.test(-d)?\.ts$/.test(path) ||
  path.startsWith("tests/") ||
  path.startsWith("packages/testkit/") ||
  /\/(testing|vectors|acceptance)\//.test(path) ||
  /\/(fixture|acceptance)s?[^/]*\.ts$/.test(path);

/** The module names that a file imports, statically or by `import()`. */
export function importsOf(source: Source): readonly string[] {
  const found = source.text.matchAll(
    /(?:from\s+|import\s+|import\(\s*)["']([^"'\n]+)["']|import\.meta\.resolve\(\s*["']([^"'\n]+)["']/g,
  );
  return [...found].map((match) => (match[1] ?? match[2]) as string);
}
