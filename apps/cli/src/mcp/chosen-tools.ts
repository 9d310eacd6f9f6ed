import { RpcError, rpcCodes } from "./json-rpc.ts";
import type { Listed, ToolSet } from "./mcp-server.ts";
import type { ToolWish } from "./wished-tools.ts";

export interface ChoiceParts {
  /** asked at every question, as it may have changed */
  readonly wish: () => ToolWish;
  /** makes the whole set; not called while none is wished for */
  readonly load: () => Promise<ToolSet>;
  /** told of names in the wish that no tool has */
  readonly onUnknown: (names: readonly string[]) => void;
}

/** Of a set of tools those that are wished for; nothing is loaded before one is. */
export function chosenTools({ wish, load, onUnknown }: ChoiceParts): ToolSet {
  let loaded: Promise<ToolSet> | undefined;
  const whole = () => {
    loaded ??= load().catch((error) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  return {
    list: async (): Promise<readonly Listed[]> => {
      const wished = wish();
      if (wished === "none") return [];
      const all = await (await whole()).list();
      if (wished === "all") return all;
      const unknown = [...wished].filter((name) => !all.some((one) => one.name === name));
      if (unknown.length > 0) onUnknown(unknown);
      return all.filter(({ name }) => wished.has(name));
    },
    call: async (name, input) => {
      const wished = wish();
      if (wished !== "all" && (wished === "none" || !wished.has(name))) {
        throw new RpcError(rpcCodes.invalidParams, `there is no tool ${name.slice(0, 80)}`);
      }
      return (await whole()).call(name, input);
    },
  };
}
