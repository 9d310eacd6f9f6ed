import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Identity } from "./identity.ts";

const limit = 10_000;
const previewLength = 2000;

/** A hook's text as the model sees it: over 10,000 characters it goes to a file, and a preview stays. */
export function capText(text: string, identity: Identity, name: string): string {
  if (text.length <= limit) return text;
  const folder = join(identity.transcript.slice(0, -".jsonl".length), "tool-results");
  const path = join(folder, `${name}-additionalContext.txt`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, text);
  const size = `${(Buffer.byteLength(text) / 1024).toFixed(1)}KB`;
  const head = `Output too large (${size}). Full output saved to: ${path}`;
  const preview = text.slice(0, previewLength);
  return `<persisted-output>\n${head}\n\nPreview (first 2KB):\n${preview}\n...\n</persisted-output>`;
}
