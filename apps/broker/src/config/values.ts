import { isIP } from "node:net";
import { isWireOp, MeshError, withoutTrailingSlashes } from "@claudemesh/protocol";
import { z } from "zod";

/** How a setting's text is read. */
export interface ValueType<T> {
  readonly name: string;
  readonly schema: z.ZodType<T, string>;
  /** the words that it may be, where it is one of some */
  readonly choices?: readonly string[];
}

/** Tokens per second, and how many may be saved up. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

const integer = z
  .string()
  .regex(/^\d{1,15}$/, "expected a whole number")
  .transform(Number);

const between = (name: string, min: number, max: number): ValueType<number> => ({
  name,
  schema: integer.refine(
    (value) => value >= min && value <= max,
    `expected a whole number from ${min} to ${max}`,
  ),
});

export const count = (min: number, max: number) => between("count", min, max);
export const bytes = (min: number, max: number) => between("bytes", min, max);
export const milliseconds = (min: number, max: number) => between("ms", min, max);
export const port: ValueType<number> = between("port", 0, 65_535);

export const text: ValueType<string> = { name: "text", schema: z.string().min(1).max(1_000) };

/** A path; empty means none. */
export const optionalPath: ValueType<string> = { name: "path", schema: z.string().max(1_000) };

export const flag: ValueType<boolean> = {
  name: "true or false",
  schema: z
    .enum(["true", "false", "1", "0", ""], "expected true or false")
    .transform((word) => word !== "false" && word !== "0"),
};

export const choice = <const W extends readonly [string, ...string[]]>(
  words: W,
): ValueType<W[number]> => ({
  name: words.join(" | "),
  schema: z.enum(words, `expected one of ${words.join(", ")}`),
  choices: words,
});

const origin = (value: string): string => {
  const url = URL.parse(value);
  const web = url?.protocol === "http:" || url?.protocol === "https:";
  if (!web || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new MeshError(
      "malformed",
      "expected an http or https URL without user, query or fragment",
    );
  }
  return withoutTrailingSlashes(url.origin + url.pathname);
};

function readUrl(value: string, context: z.RefinementCtx): string {
  try {
    return origin(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
}

const checkedUrl = z.string().transform(readUrl);

/** `s3://bucket` or `s3://bucket/prefix`; empty when there is none. */
export const bucketUrl: ValueType<string> = {
  name: "s3:// URL",
  schema: z
    .string()
    .max(500)
    .regex(
      /^(s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9._/-]*)?)?$/,
      "expected s3://bucket/prefix",
    ),
};

/** An http or https base URL; empty means none. */
export const optionalUrl: ValueType<string> = {
  name: "URL",
  schema: z.string().transform((value, context) => (value === "" ? "" : readUrl(value, context))),
};

const commaSeparated = z
  .string()
  .max(10_000)
  .transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

/** Origins separated by commas. */
export const origins: ValueType<readonly string[]> = {
  name: "URLs, separated by commas",
  schema: commaSeparated.pipe(z.array(checkedUrl)),
};

/** One address, or a range of them in CIDR notation (RFC 4632). */
function isRange(value: string): boolean {
  const [address = "", bits, more] = value.split("/");
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

/** Addresses and ranges of them, separated by commas. */
export const addressRanges: ValueType<readonly string[]> = {
  name: "addresses or ranges, separated by commas",
  schema: commaSeparated.pipe(
    z.array(z.string().refine(isRange, "expected addresses or ranges, such as 10.0.0.0/8,::1")),
  ),
};

const rateText = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,3})?\/\d{1,9}$/, "expected <per second>/<burst>, such as 10/100")
  .transform((value): Rate => {
    const [perSecond = 0, burst = 0] = value.split("/").map(Number);
    return { perSecond, burst };
  })
  .refine((value) => value.perSecond > 0 && value.burst >= 1, "both numbers must be above 0");

/** `<per second>/<burst>`, such as `10/100`. */
export const rate: ValueType<Rate> = { name: "per second/burst", schema: rateText };

const namedRate = z.string().transform((value, context): readonly [string, Rate] => {
  const [name = "", text = ""] = value.split("=");
  const read = rateText.safeParse(text);
  if (isWireOp(name) && read.success) return [name, read.data];
  const message = isWireOp(name)
    ? `${name}: ${read.error?.issues[0]?.message}`
    : `${name.slice(0, 40)} is not an operation`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** `<operation>=<per second>/<burst>`, separated by commas. */
export const opRates: ValueType<Readonly<Record<string, Rate>>> = {
  name: "operation=per second/burst, separated by commas",
  schema: commaSeparated
    .pipe(z.array(namedRate))
    .transform((pairs): Readonly<Record<string, Rate>> => Object.fromEntries(pairs)),
};
