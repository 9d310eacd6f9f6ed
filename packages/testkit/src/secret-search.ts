interface Needle {
  readonly name: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Where a secret showed. */
export interface Sighting {
  readonly name: string;
  /** how it was written there */
  readonly form: string;
  readonly at: number;
}

const leastBytes = 12;

/** Looks for many secrets at once, in every form in which one may lie around: raw, base64 and base64url at any alignment, hex, JSON escapes, UTF-16. */
export class SecretSearch {
  readonly #byStart = new Map<number, Needle[]>();
  #names = 0;

  /** how many secrets are looked for */
  get size(): number {
    return this.#names;
  }

  /** Adds a secret: its text, or its bytes. Throws for one that is so short that it may occur by chance. */
  add(name: string, secret: string | Uint8Array): void {
    const bytes = Buffer.from(secret as string);
    if (bytes.length < leastBytes) throw new Error(`${name} is too short to be looked for`);
    this.#names += 1;
    for (const [form, needle] of formsOf(bytes)) this.#keep({ name, form, bytes: needle });
  }

  /** Every place where a secret begins. */
  find(hay: Buffer): Sighting[] {
    const found: Sighting[] = [];
    for (let at = 0; at + 4 <= hay.length; at++) {
      for (const { name, form, bytes } of this.#byStart.get(hay.readUInt32LE(at)) ?? []) {
        const there = hay.subarray(at, at + bytes.length);
        if (there.equals(bytes)) found.push({ name, form, at });
      }
    }
    return found;
  }

  #keep(needle: Needle): void {
    const start = needle.bytes.readUInt32LE(0);
    const known = this.#byStart.get(start);
    if (known === undefined) this.#byStart.set(start, [needle]);
    else known.push(needle);
  }
}

/** A secret as bytes in each form. Forms that are the same as another one are left out. */
export function formsOf(secret: Buffer): Map<string, Buffer> {
  const forms = new Map<string, Buffer>();
  const seen = new Set<string>();
  const put = (form: string, bytes: Buffer) => {
    const key = bytes.toString("latin1");
    if (!seen.has(key)) forms.set(form, bytes);
    seen.add(key);
  };
  put("raw", secret);
  for (const encoding of ["base64", "base64url"] as const) {
    for (const before of [0, 1, 2]) {
      put(`${encoding} at ${before}`, Buffer.from(inside(secret, encoding, before)));
    }
  }
  put("hex", Buffer.from(secret.toString("hex")));
  put("upper-case hex", Buffer.from(secret.toString("hex").toUpperCase()));
  const text = secret.toString("utf8");
  put("UTF-16", Buffer.from(text, "utf16le"));
  if (!Buffer.from(text).equals(secret)) return forms;
  put("JSON", Buffer.from(JSON.stringify(text).slice(1, -1)));
  const escapes = [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  put("JSON escapes", Buffer.from(escapes.join("")));
  return forms;
}

/** The characters that depend on the secret alone, when `before` bytes (mod 3) stand in front of it in what was encoded. */
function inside(secret: Buffer, encoding: "base64" | "base64url", before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), secret]).toString(encoding);
  const whole = Math.floor(((before + secret.length) * 8) / 6);
  return text.slice(Math.ceil((before * 8) / 6), whole);
}
