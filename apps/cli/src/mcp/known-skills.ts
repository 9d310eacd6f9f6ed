import type { SkillSet } from "./skill-set.ts";

/** The skills of a session: nothing is loaded and nobody asked while the daemon says that there are none. */
export class KnownSkills {
  readonly #load: () => Promise<SkillSet>;
  readonly #changed: () => void;
  #loaded: Promise<SkillSet> | undefined;
  #count = 0;

  constructor(load: () => Promise<SkillSet>, changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** The daemon says how many there are now. */
  heard(count: number): void {
    const isNews = count > 0 || this.#count > 0;
    this.#count = count;
    if (isNews) this.#changed();
  }

  /** Undefined while there are none. */
  set(): Promise<SkillSet> | undefined {
    if (this.#count === 0) return undefined;
    this.#loaded ??= this.#load().catch((error) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }
}
