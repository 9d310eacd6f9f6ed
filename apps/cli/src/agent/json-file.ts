import { MeshError } from "@claudemesh/protocol/light";
import { applyEdits, type JSONPath, modify, type ParseError, parse } from "jsonc-parser";
import { readIfThere } from "./replace-file.ts";

/** A person's settings file as text, changed in place: what is not named keeps its bytes, comments and order. */
export class JsonFile {
  readonly path: string;
  /** undefined where there is no file */
  readonly before: string | undefined;
  #text: string;

  /** Throws `malformed` for a file that is no JSON object: it is left alone. */
  constructor(path: string) {
    this.path = path;
    this.before = readIfThere(path)?.toString("utf8");
    this.#text = this.before ?? "";
    this.value();
  }

  get text(): string {
    return this.#text;
  }

  get isChanged(): boolean {
    return this.#text !== (this.before ?? "");
  }

  /** The whole object, `{}` for an empty or absent file. */
  value(): Record<string, unknown> {
    const errors: ParseError[] = [];
    const value: unknown = parse(this.#text, errors, { allowTrailingComma: true });
    const isEmpty = this.#text.trim() === "";
    if (isEmpty) return {};
    if (errors.length === 0 && isObject(value)) return value;
    throw new MeshError("malformed", `${this.path} is not a JSON object, so it was left alone`, {
      hint: "mend or move that file, then run it again",
      detail: { field: this.path },
    });
  }

  /** The value at a path, or undefined. */
  at(path: JSONPath): unknown {
    return path.reduce<unknown>(
      (value, key) =>
        isObject(value) || Array.isArray(value)
          ? (value as Record<string | number, unknown>)[key]
          : undefined,
      this.value(),
    );
  }

  /** Sets a value, appends with index -1, or removes with undefined. */
  set(path: JSONPath, value: unknown): void {
    const isAppended = path.at(-1) === -1;
    const edits = modify(this.#text, path, value, {
      formattingOptions: this.#style(),
      isArrayInsertion: isAppended,
    });
    this.#text = applyEdits(this.#text, edits);
    if (!this.#text.endsWith("\n") && this.before === undefined) this.#text += "\n";
  }

  /** Removes the values of an array that `isOurs` names, and the array if that empties it and `mayDrop` says so. */
  removeFrom(path: JSONPath, isOurs: (value: unknown) => boolean, mayDrop: boolean): void {
    const array = this.at(path);
    if (!Array.isArray(array)) return;
    for (let index = array.length - 1; index >= 0; index -= 1) {
      if (isOurs(array[index])) this.set([...path, index], undefined);
    }
    this.dropIfEmpty(path, mayDrop);
  }

  /** Removes an object or array that holds nothing. */
  dropIfEmpty(path: JSONPath, mayDrop: boolean): void {
    const value = this.at(path);
    const isEmpty =
      (Array.isArray(value) && value.length === 0) ||
      (isObject(value) && Object.keys(value).length === 0);
    if (mayDrop && isEmpty) this.set(path, undefined);
  }

  /** Indented as the file is: by its first indented line, else by two spaces. */
  #style() {
    const indent = /\n([ \t]+)\S/.exec(this.#text)?.[1] ?? "  ";
    return {
      insertSpaces: !indent.startsWith("\t"),
      tabSize: indent.startsWith("\t") ? 1 : indent.length,
      eol: this.#text.includes("\r\n") ? "\r\n" : "\n",
    };
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
