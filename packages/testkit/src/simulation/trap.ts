/** A place in a program where it dies, at the n-th passing. */
export class Trap {
  #set: { readonly name: string; left: number; readonly spring: () => void } | undefined;

  set(name: string, passing: number, spring: () => void): void {
    this.#set = { name, left: passing, spring };
  }

  clear(): void {
    this.#set = undefined;
  }

  readonly pass = (name: string): void => {
    const set = this.#set;
    if (set === undefined || set.name !== name) return;
    set.left -= 1;
    if (set.left > 0) return;
    this.#set = undefined;
    set.spring();
  };
}
