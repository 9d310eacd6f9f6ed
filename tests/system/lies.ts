import assert from "node:assert/strict";
import { MeshError } from "@claudemesh/protocol";
import type { Inside } from "../device/inside.ts";

interface Refusal {
  readonly lie: string;
  readonly code: string;
  readonly message: string;
}

/** Gathers how each lie was refused. Lies that nobody can tell apart stand under one name, and must then have one answer. */
export class Lies {
  readonly #told = new Map<string, Refusal>();

  note(lie: string, code: string, message: string): void {
    const known = this.#told.get(lie);
    if (known !== undefined) assert.deepEqual({ lie, code, message }, known);
    this.#told.set(lie, { lie, code, message });
  }

  /** Expects `fn` to be refused by a `MeshError` of this code. */
  async refused(lie: string, code: string, fn: () => unknown): Promise<void> {
    try {
      await fn();
    } catch (error) {
      assert.ok(error instanceof MeshError, `${lie}: ${String(error)}`);
      assert.equal(error.code, code, `${lie}: ${error.message}`);
      return this.note(lie, error.code, error.message);
    }
    assert.fail(`${lie}: it was taken`);
  }

  /** Expects a member's home to leave a notice of this code when `fn` has given it something. */
  async noticed(lie: string, code: string, at: Inside, fn: () => Promise<void>): Promise<void> {
    const before = at.notices().length;
    await fn();
    assert.equal(at.notices().length, before + 1, `${lie}: no notice`);
    const sql = "SELECT code, text FROM notice ORDER BY id DESC LIMIT 1";
    const told = at.ctx.store.get<{ code: string; text: string }>(sql);
    assert.equal(told?.code, code, lie);
    this.note(lie, code, told?.text ?? "");
  }

  /** The table, one line per lie. Throws when two of them read the same but for a name, or when a message is none. */
  table(): string[] {
    const all = [...this.#told.values()];
    const texts = new Map<string, string>();
    for (const { lie, code, message } of all) {
      const told = `${code}: ${message.replace(/under the name of [\w ]+ was/, "was")}`;
      assert.equal(texts.get(told), undefined, `"${lie}" reads as "${texts.get(told)}": ${told}`);
      texts.set(told, lie);
      assert.match(message, /^[a-z][^\n]{15,}[^.\n]$/, `${lie}: ${message}`);
    }
    return all.map(({ lie, code, message }) => `${lie} -> ${code}: ${message}`);
  }
}
